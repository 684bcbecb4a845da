# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of what is sent to the hub of DataCite."""

from datetime import UTC, datetime, timedelta

from flask import current_app

from ...errors import HubError
from ...exchange.datacite.hub import sent
from ...exchange.datacite.hub.client import Hub
from ...exchange.datacite.reports.reporter import reporter
from ...exchange.switch import is_on
from .base import Finding, some

SOON = timedelta(days=30)
"""So long before its end a token should be replaced."""


def hub() -> Finding:
    """Check that reports can be sent, and that none is left behind."""
    if not (is_on() and current_app.config["USAGE_STATS_COUNTER_SEND"]):
        return Finding("reports are not sent")
    try:
        known = Hub()
    except HubError as error:
        return Finding(str(error), "Correct it in invenio.cfg: no report can be sent.")
    return _behind(known) or _expiring(known) or Finding("all closed months were sent")


def _behind(known: Hub) -> Finding | None:
    """Return that months could not be sent; none when all were, or were not tried yet."""
    due = {state.month for state in sent.due(known.url, reporter().name)}
    failed = {row["month"]: row["reason"] for row in sent.last_of_months(due) if row["reason"]}
    if not failed:
        return None
    month = max(failed)
    advice = f"See the reason, then 'invenio usage-stats counter send {month}': {failed[month]}"
    return Finding(f"could not be sent: {some(sorted(failed))}", advice)


def _expiring(known: Hub) -> Finding | None:
    """Return that the token ends soon; none when it does not."""
    if known.expiry is None or known.expiry > datetime.now(UTC) + SOON:
        return None
    state = f"the token expires on {known.expiry:%Y-%m-%d}"
    return Finding(state, "Ask DataCite for another one.")
