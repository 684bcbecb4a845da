# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Taking events from our queue: stored first, acknowledged then.

Whatever ends a run, its events are delivered again, and give the same documents again.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from ...bulk import Bulk, Document
from ...errors import UnreadableEventError
from ...readiness import require_setup
from ..ear import body_of, key_of
from ..noting import noted
from . import agents
from .agent_lists import AgentList
from .events import fingerprint, prepared, what_is_safe
from .quarantine import Held, keep, store
from .stream import EAR

STEP = "counter events"
"""The step as which a run is noted."""
BATCH = 1_000
"""How many events are stored at once, and delivered before any is acknowledged."""


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

    @property
    def sent(self) -> dict[str, int]:
        """Return what was sent to the search engine."""
        return {"bytes": self.bulk.bytes, "requests": self.bulk.requests}


def process(patience: timedelta | None = None) -> Taken:
    """Store the events that wait, and note in the journal what was done.

    ``patience``: after which time to end though events are left; none: when none is left.

    Raises ``SetupError``, and ``SearchEngineError`` when nothing can be stored: then all that was
    not acknowledged is delivered again.
    """
    require_setup()
    taken = Taken(Bulk())
    with noted(STEP, taken), closing(EAR.batches(patience, BATCH)) as batches:
        judge = agents.current()
        for messages in batches:
            _settle(messages, judge, taken)
        if taken.quarantined:
            taken.reason = f"{taken.quarantined} events are in quarantine."
    return taken


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
            index, id_, document = prepared(body_of(message), key_of(message), judge)
        except UnreadableEventError as error:
            held.append(_unreadable(message, error))
        else:
            yield Document(index, id_, msgspec.json.encode(document).decode(), "", 0)


def _unreadable(message: Any, error: Exception) -> Held:
    """Return what is kept of a message that cannot be read."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    safe = msgspec.json.encode(what_is_safe(body)).decode()
    return Held(fingerprint(body, size=16), "", safe, str(error)[:1_000])
