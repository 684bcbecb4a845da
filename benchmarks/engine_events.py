# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Synthetic usage events in the stock shape of invenio-stats, written straight into the engine."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha224
from random import Random
from typing import Any

from engine_raw import RawClient
from engine_records import Zipf, files_of, fraction, parent_recid, recid, uuid_of

from invenio_usage_stats.indices import USAGE_EVENTS, full_name, refresh

FIRST_DAY = date(2025, 1, 1)
DOWNLOADS = 0.35
COUNTRIES = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "CEGHILMNORTZ"]
_COUNTRY, _REFERRER = Zipf(len(COUNTRIES)), Zipf(500, 1.3)
Document = tuple[str, str, dict[str, Any]]


def day_of(number: int) -> date:
    """Return the n-th day of usage."""
    return FIRST_DAY + timedelta(days=number)


class Usage:
    """Draw events on the records of a repository, by Zipf's law."""

    def __init__(self, records: int, seed: int = 1) -> None:
        self.records, self.seed = records, seed
        self._popularity = Zipf(records)

    def write(
        self, raw: RawClient, days: Iterable[date], events: int, salt: str = ""
    ) -> datetime | None:
        """Write some events for each day; return (naive UTC) when, for late ones.

        Events without ``salt`` were indexed at the end of their day, those with it just now.
        """
        moment = datetime.now(UTC) if salt else None
        raw.write(event for day in days for event in self.events(day, events, salt, moment))
        for alias in USAGE_EVENTS.values():
            refresh(full_name(alias))
        return moment and moment.replace(tzinfo=None)

    def events(
        self, day: date, count: int, salt: str = "", moment: datetime | None = None
    ) -> Iterator[Document]:
        """Yield the events of a day as (index, id, source)."""
        draw = Random(f"{self.seed}:{day}:{salt}")
        midnight = datetime(day.year, day.month, day.day)
        indexed = (moment or midnight + timedelta(days=1)).replace(tzinfo=UTC).isoformat()
        suffix = f"{day:%Y-%m}"
        names = {kind: full_name(f"{alias}-{suffix}") for kind, alias in USAGE_EVENTS.items()}
        for number in range(count):
            kind = "download" if draw.random() < DOWNLOADS else "view"
            source = self._event(draw, midnight, count)
            source["updated_timestamp"] = indexed
            yield names[kind], f"{day}{salt}-{number}", source | self._own(draw, kind, source)

    def _record(self, draw: Random) -> int:
        """Return a record; popularity has nothing to do with its number or communities."""
        return (self._popularity.at(draw.random()) * 7_919 + 13) % self.records

    def _event(self, draw: Random, midnight: datetime, count: int) -> dict[str, Any]:
        """Return what all kinds of events have; a visitor comes some three times a day."""
        record, second = self._record(draw), int(86_400 * draw.random())
        visitor = int(count * draw.random() ** 2 / 2)
        name = f"{midnight}{visitor}"
        host = _REFERRER.at(draw.random())
        return {
            "timestamp": (midnight + timedelta(seconds=second)).isoformat(),
            "recid": recid(record),
            "parent_recid": parent_recid(record),
            "visitor_id": sha224(name.encode()).hexdigest(),
            "unique_session_id": sha224(f"{name}{second // 3_600}".encode()).hexdigest(),
            "country": COUNTRIES[_COUNTRY.at(fraction(visitor, "country"))],
            "referrer": f"https://www.site-{host}.example.org/search" if host else None,
            "via_api": False,
            "is_robot": False,
            "is_machine": False,
        }

    @staticmethod
    def _own(draw: Random, kind: str, source: dict[str, Any]) -> dict[str, Any]:
        """Return what only this kind of events has."""
        name = source["recid"]
        if kind == "view":
            return {"unique_id": f"ui_{name}"}
        files = files_of(int(name[1:7]))
        file = files[int(len(files) * draw.random() ** 3)]
        bucket = str(uuid_of(f"bucket {name}"))
        return {
            "unique_id": f"{bucket}_{file.key}",
            "file_key": file.key,
            "file_id": f"{bucket[:-4]}{file.key[-4:]}",
            "bucket_id": bucket,
            "size": file.size,
        }
