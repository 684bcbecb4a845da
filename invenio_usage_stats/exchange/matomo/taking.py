# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Taking what was reported from the queue: judged, stored, counted, and acknowledged then.

Whatever ends a run, its messages are delivered again; they give the same documents again, and
are counted once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from ...aggregations.running.leases import hold
from ...bulk import SUPERSEDED, Bulk, Document, explained
from ...errors import UnreadableEventError
from ...ledger.models import utc_now
from ...readiness import require_setup
from ..counter.events import fingerprint
from ..ear import body_of
from ..noting import noted
from . import counts
from .counts import RECEIVED, STORED, Outcomes
from .events import DOWNLOAD, Report
from .hits import Message
from .judging import Judge
from .resolving import resolved
from .sending import EAR
from .visits import Visitor, Visits

STEP = "reported use"
"""The step as which a run is noted, and the name of the lease that it holds."""
BATCH = 500
"""How many messages are delivered before any is acknowledged; each may bring many hits."""
LOT = 10_000
"""About how many hits are judged and stored at once."""


@dataclass
class Taken:
    """Count what a run did with the hits that it took."""

    bulk: Bulk
    outcomes: Counter[str] = field(default_factory=Counter)
    reason: str = ""

    @property
    def received(self) -> int:
        """Return how many hits came."""
        return self.outcomes[RECEIVED]

    @property
    def stored(self) -> int:
        """Return how many of them are stored."""
        return self.outcomes[STORED]

    @property
    def rejected(self) -> dict[str, int]:
        """Return how many are not, by reason."""
        return {name: n for name, n in self.outcomes.items() if name not in (RECEIVED, STORED)}

    @property
    def sent(self) -> dict[str, int]:
        """Return what was sent to the search engine."""
        return {"bytes": self.bulk.bytes, "requests": self.bulk.requests}


class _Delivered(NamedTuple):
    """Be a message, and what is to be acknowledged."""

    envelope: Any
    message: Message


class _Kept(NamedTuple):
    """Be what is stored of a hit: its id, its day of arrival, and what it says."""

    id: str
    day: date
    report: Report


def process(patience: timedelta | None = None) -> Taken:
    """Store what waits, and note in the journal what was done; one run at a time does.

    ``patience``: after which time to end though something is left; none: when nothing is left.

    Raises ``SetupError``, and ``SearchEngineError`` when nothing can be stored: then all that was
    not acknowledged is delivered again.
    """
    require_setup()
    taken = Taken(Bulk())
    with hold(STEP) as lease:
        if lease is None:
            return taken
        with noted(STEP, taken), closing(EAR.batches(patience, BATCH)) as batches:
            for lot in chain.from_iterable(map(_lots, batches)):
                lease.check()
                _settle(lot, taken)
            if rejected := taken.rejected:
                told = ", ".join(f"{name} {n}" for name, n in sorted(rejected.items()))
                taken.reason = f"Not stored: {told}."
    return taken


def _lots(envelopes: Iterable[Any]) -> Iterator[list[_Delivered]]:
    """Yield messages in lots of so many hits that memory suffices."""
    lot: list[_Delivered] = []
    hits = 0
    for envelope in envelopes:
        lot.append(_Delivered(envelope, _message(envelope)))
        hits += lot[-1].message.received
        if hits >= LOT:
            yield lot
            lot, hits = [], 0
    if lot:
        yield lot


def _message(envelope: Any) -> Message:
    """Return what a message says; one that cannot be read is counted as one hit, and lost."""
    try:
        return msgspec.json.decode(body_of(envelope), type=Message)
    except (msgspec.MsgspecError, UnreadableEventError, UnicodeDecodeError):
        body = envelope.body
        id_ = fingerprint(body.encode() if isinstance(body, str) else bytes(body), size=16)
        return Message(id_, utc_now(), refused={"unreadable": 1})


def _settle(lot: list[_Delivered], taken: Taken) -> None:
    """Store what some messages say, count what became of it, and acknowledge them."""
    outcomes: Outcomes = Counter()
    read = {one.message.id: one.message for one in lot}
    messages = [read[id_] for id_ in counts.new_among(read)]
    kept = list(_kept(sorted(messages, key=lambda one: one.at), outcomes))
    _store(kept, taken.bulk, outcomes)
    counts.add({one.id: one.at.date() for one in messages}, outcomes)
    for (_, outcome), number in outcomes.items():
        taken.outcomes[outcome] += number
    for one in lot:
        one.envelope.ack()


def _kept(messages: Iterable[Message], outcomes: Outcomes) -> Iterator[_Kept]:
    """Yield what is to be stored, and count all else."""
    judge = Judge()
    for message in messages:
        day = message.at.date()
        outcomes[day, RECEIVED] += message.received
        for reason, number in message.refused.items():
            outcomes[day, reason] += number
        for place, hit in enumerate(message.hits):
            found = judge.report(message, hit)
            if isinstance(found, Report):
                yield _Kept(f"{message.id}-{place}", day, found)
            else:
                outcomes[day, found] += 1


def _store(kept: list[_Kept], bulk: Bulk, outcomes: Outcomes) -> None:
    """Store what is kept, each once, and count it."""
    days = {one.id: one.day for one in kept}
    outcomes.update((day, STORED) for day in days.values())
    with explained():
        for rejected in bulk.post(_documents(_completed(kept)), None):
            for one in rejected:
                if one.status != SUPERSEDED:
                    outcomes[days[one.document.id], STORED] -= 1
                    outcomes[days[one.document.id], "unindexable"] += 1


def _completed(kept: list[_Kept]) -> Iterator[_Kept]:
    """Yield what is kept with the records that were downloaded, and with its visits."""
    things = resolved({one.report.url for one in kept if one.report.action == DOWNLOAD})
    ordered = sorted(kept, key=lambda one: one.report.at)
    visits = Visits([(_visitor(one.report), one.report.at) for one in ordered])
    for one in ordered:
        report = one.report._replace(visit_id=visits.of(_visitor(one.report), one.report.at))
        if report.action == DOWNLOAD:
            thing = things.get(report.url)
            report = report._replace(
                resolved=thing is not None, **(thing._asdict() if thing else {})
            )
        yield one._replace(report=report)


def _visitor(report: Report) -> Visitor:
    """Return who did something on a site."""
    return Visitor(report.site, report.visitor_id)


def _documents(kept: Iterable[_Kept]) -> Iterator[Document]:
    """Yield documents."""
    now = utc_now()
    for one in kept:
        body = msgspec.json.encode(one.report.document(now)).decode()
        yield Document(one.report.index, one.id, body, "", 0)
