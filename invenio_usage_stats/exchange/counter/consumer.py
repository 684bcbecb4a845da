# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Taking events from our queue: stored first, acknowledged then.

Whatever ends a run, its events are delivered again, and give the same documents again.
"""

import math
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from amqp.exceptions import NotFound
from kombu import Consumer

from ...aggregations.running.failures import reason_of
from ...aggregations.running.journal import Outcome, note
from ...bulk import Bulk, Document
from ...errors import SetupError, UnreadableEventError
from ...ledger.models import utc_now
from ...readiness import require_setup
from . import agents
from .agent_lists import AgentList
from .events import fingerprint, prepared, what_is_safe
from .quarantine import Held, keep, store
from .stream import connected, key_of, queue

STEP = "counter events"
"""The step as which a run is noted."""
BATCH = 1_000
"""How many events are stored at once, and delivered before any is acknowledged."""
QUIET = 0.5
"""Seconds without an event after which a run takes the queue for empty."""
JSON = "application/json"


@dataclass
class Taken:
    """Count what a run did with the events that it took."""

    bulk: Bulk
    received: int = 0
    quarantined: int = 0
    """How many of them could not be stored."""
    reason: str = ""

    @property
    def stored(self) -> int:
        """Return how many are stored now and were not before."""
        return self.bulk.documents


def process(patience: timedelta | None = None) -> Taken:
    """Store the events that wait, and note in the journal what was done.

    ``patience``: after which time to end though events are left; none: when none is left.

    Raises ``SetupError``, and ``SearchEngineError`` when nothing can be stored: then all that was
    not acknowledged is delivered again.
    """
    require_setup()
    with _noted() as taken, closing(_batches(patience)) as batches:
        judge = agents.current()
        for messages in batches:
            _settle(messages, judge, taken)
    return taken


@contextmanager
def _noted() -> Iterator[Taken]:
    """Count a run, and note how it ended."""
    taken, started, clock, outcome = Taken(Bulk()), utc_now(), time.monotonic(), "ok"
    try:
        yield taken
        if taken.quarantined:
            outcome, taken.reason = "partial", f"{taken.quarantined} events are in quarantine."
    except Exception as error:
        # Whatever it is that ends a run, status and doctor must show it.
        outcome, taken.reason = "failed", reason_of(error)
        raise
    finally:
        seconds = round(time.monotonic() - clock, 3)
        done = Outcome(STEP, taken.stored, seconds, started, taken.received)
        sent = {"bytes": taken.bulk.bytes, "requests": taken.bulk.requests}
        note(done._replace(**sent, outcome=outcome, reason=taken.reason))


def _batches(patience: timedelta | None) -> Iterator[list[Any]]:
    """Yield lots of messages until none is left, or the time is over."""
    end = time.monotonic() + (patience.total_seconds() if patience else math.inf)
    box: list[Any] = []
    with connected() as channel:
        _listen(channel, box)
        _fill(channel.connection.client, box)
        while box:
            yield box.copy()
            box.clear()
            if time.monotonic() < end:
                _fill(channel.connection.client, box)


def _listen(channel: Any, box: list[Any]) -> None:
    """Have messages put into a box; raise ``SetupError`` when our queue is missing."""
    options = {"auto_declare": False, "on_message": box.append, "prefetch_count": BATCH}
    try:
        Consumer(channel, [queue()], **options).consume()
    except NotFound as error:
        raise SetupError("The queue is missing: run 'invenio usage-stats setup'.") from error


def _fill(connection: Any, box: list[Any]) -> None:
    """Wait for messages until the box is full, or none comes."""
    while len(box) < BATCH:
        try:
            connection.drain_events(timeout=QUIET)
        except TimeoutError:
            return


def _settle(messages: list[Any], judge: AgentList, taken: Taken) -> None:
    """Store some messages, keep those that cannot be stored, and acknowledge all of them."""
    held: list[Held] = []
    refused = store(_documents(messages, judge, held), taken.bulk)
    taken.received += len(messages)
    taken.quarantined += keep([*held, *refused])
    for message in messages:
        message.ack()


def _documents(messages: list[Any], judge: AgentList, held: list[Held]) -> Iterator[Document]:
    """Yield the documents of messages; those that cannot be read are added to what is held."""
    for message in messages:
        try:
            index, id_, document = prepared(_body(message), key_of(message), judge)
        except UnreadableEventError as error:
            held.append(_unreadable(message, error))
        else:
            yield Document(index, id_, msgspec.json.encode(document).decode(), "", 0)


def _body(message: Any) -> bytes | str:
    """Return the JSON of a message."""
    if message.content_type != JSON:
        raise UnreadableEventError(f"It is no JSON, but {message.content_type}.")
    return message.body


def _unreadable(message: Any, error: Exception) -> Held:
    """Return what is kept of a message that cannot be read."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    safe = msgspec.json.encode(what_is_safe(body)).decode()
    return Held(fingerprint(body, size=16), "", safe, str(error)[:1_000])
