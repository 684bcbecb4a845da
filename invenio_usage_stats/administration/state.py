# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the administration page shows, as texts in the reader's language."""

from datetime import UTC, datetime, timedelta
from typing import Any

from babel.dates import format_timedelta
from babel.numbers import format_percent
from flask_principal import Identity
from invenio_i18n import gettext as _

from ..errors import UsageStatsError
from ..ledger.history import GLOBAL
from ..operations.backfill import Planned, jobs
from ..operations.doctor import SERVERS, examine
from ..operations.estimate import Estimate, estimate
from ..operations.plan import Job
from ..operations.status import healthy, status
from ..readiness import require_setup
from ..services.visible import communities
from ..views.model.format import BYTES, Formatter, reader_locale

SHOWN = 50
"""How many failures and jobs the page lists."""


class State:
    """Write down how everything is, for one reader."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.text = Formatter(reader_locale())

    def overview(self) -> dict[str, Any]:
        """Return everything but the doctor's findings; ``problem`` where that cannot be told."""
        try:
            require_setup()
            return self._overview()
        except (UsageStatsError, *SERVERS) as error:
            return {"problem": f"{type(error).__name__}: {error}"}

    def _overview(self) -> dict[str, Any]:
        """Return how far aggregations and jobs are, and what fails."""
        state = status()
        behind = [
            {"aggregation": one["name"], **row}
            for one in state["aggregations"]
            for row in one["behind"]
        ]
        return {
            "problem": None,
            "healthy": healthy(state),
            "aggregations": [self._aggregation(one) for one in state["aggregations"]],
            "behind": self._behind(behind[:SHOWN]),
            "behind_count": len(behind),
            "steps": [self._step(row) for row in state["steps"]],
            "holders": [
                {**row, "expires": self._moment(row["expires_at"])} for row in state["holders"]
            ],
            "jobs": [self._job(job) for job in jobs()[:SHOWN]],
            "ledger": {key: self._number(value) for key, value in state["ledger"].items()},
        }

    def _aggregation(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return how far an aggregation is."""
        mark = row["bookmark"]
        return {
            "name": row["name"],
            "bookmark": self._moment(mark) if mark else _("never run"),
            "lag": self._duration(row["lag_seconds"]) if mark else "",
            "behind": self._number(len(row["behind"])),
        }

    def _behind(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what could not be written, with the names of the communities."""
        ids = {row["scope"] for row in rows} - {"", GLOBAL}
        seen = communities(self.identity, sorted(ids)) if ids else {}
        names = {"": _("all"), GLOBAL: _("the repository")}
        return [
            {
                **row,
                "day": self.text.day(datetime.fromisoformat(row["day"]).date()),
                "since": self._moment(row["since"]),
                "retry_at": self._moment(row["retry_at"]),
                "community": names.get(row["scope"], row["scope"]),
                "seen": seen.get(row["scope"]),
            }
            for row in rows
        ]

    def _step(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return what a step of the last run did."""
        return {
            "name": row["name"],
            "outcome": row["outcome"],
            "reason": row["reason"],
            "started": self._moment(row["started"]),
            "seconds": self._duration(row["seconds"]),
            "events": self._number(row["events"]),
            "documents": self._number(row["documents"]),
        }

    def _job(self, job: Planned) -> dict[str, Any]:
        """Return how far a backfill or rebuild is."""
        now = job.progress
        share = now.weight_done / now.weight if now.weight else 1.0
        return {
            "name": job.name,
            "begun": self.text.moment(job.planned),
            "done": now.is_done,
            "parts": _("%(done)s of %(all)s", done=now.done, all=now.parts),
            "percent": int(100 * share),
            "share": format_percent(int(100 * share) / 100, locale=self.text.locale),
            "documents": self._number(now.documents),
        }

    def estimated(self, job: Job) -> dict[str, str]:
        """Return what a job would cost."""
        try:
            found: Estimate = estimate(job)
        except (UsageStatsError, *SERVERS) as error:
            return {"problem": f"{type(error).__name__}: {error}"}
        return {
            "parts": self._number(found.months),
            "events": self._number(found.events),
            "time": self._duration(found.seconds),
            "size": self.text.short(found.size, BYTES),
            "source": found.source,
        }

    def findings(self) -> list[dict[str, Any]]:
        """Return what the doctor finds."""
        words = {"ok": _("ok"), "to do": _("to do"), "unknown": _("unknown")}
        rows = [finding.plain() for finding in examine()]
        return [{**row, "word": words[row["outcome"]]} for row in rows]

    def _number(self, value: int) -> str:
        """Return a number."""
        return self.text.full(value, "")

    def _moment(self, value: str) -> str:
        """Return a moment that is given as ISO text."""
        moment = datetime.fromisoformat(value)
        return self.text.moment(moment.astimezone(UTC) if moment.tzinfo else moment)

    def _duration(self, seconds: float) -> str:
        """Return a duration in few words."""
        return format_timedelta(timedelta(seconds=round(seconds)), locale=self.text.locale)
