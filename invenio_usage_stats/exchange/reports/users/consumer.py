# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Taking events from the queue: counted first, acknowledged then."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ....errors import UnreadableEventError
from ....readiness import require_setup
from ...ear import body_of, key_of
from ...noting import noted
from .events import Heard, heard
from .store import add
from .stream import EAR

STEP = "use by user"
"""The step as which a run is noted."""
BATCH = 1_000
"""How many events are counted at once, and delivered before any is acknowledged."""


@dataclass
class Taken:
    """Count what a run did with the events that it took."""

    received: int = 0
    stored: int = 0
    """Rows that were added to."""
    unreadable: int = 0
    reason: str = ""
    sent: dict[str, int] = field(default_factory=dict)


def process(patience: timedelta | None = None) -> Taken:
    """Count the events that wait, and note in the journal what was done.

    ``patience``: after which time to end though events are left; none: when none is left. What
    cannot be read is thrown away, since it may say who it was.

    Raises ``SetupError``.
    """
    require_setup()
    taken = Taken()
    with noted(STEP, taken), closing(EAR.batches(patience, BATCH)) as batches:
        for messages in batches:
            taken.stored += add(_read(messages, taken))
            taken.received += len(messages)
            for message in messages:
                message.ack()
        if taken.unreadable:
            taken.reason = f"{taken.unreadable} events could not be read."
    return taken


def _read(messages: list[Any], taken: Taken) -> Iterator[Heard]:
    """Yield what messages say of users."""
    for message in messages:
        try:
            found = heard(body_of(message), key_of(message))
        except UnreadableEventError:
            taken.unreadable += 1
        else:
            if found is not None:
                yield found
