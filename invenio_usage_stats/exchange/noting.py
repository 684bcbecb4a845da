# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Runs that take events, from a queue or of a month: what they did, in the journal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ..aggregations.running.failures import reason_of
from ..aggregations.running.journal import Outcome, note
from ..ledger.models import utc_now


class Taken(Protocol):
    """Be what a run counts."""

    received: int
    reason: str
    """Why it is not wholly done; empty when it is."""

    @property
    def stored(self) -> int:
        """Return how much is stored now and was not before."""

    @property
    def sent(self) -> dict[str, int]:
        """Return bytes and requests, if any were sent to the search engine."""


def add_reason(taken: Taken, reason: str) -> None:
    """Add one reason why a run is not wholly done."""
    taken.reason = "; ".join(filter(None, (taken.reason, reason)))


@contextmanager
def noted(step: str, taken: Taken, flawed: str = "partial") -> Iterator[None]:
    """Note how a run of a step ended, and what it did.

    ``flawed``: the outcome of a run that came to its end, but gives a reason.
    """
    started, clock, outcome = utc_now(), time.monotonic(), "failed"
    try:
        yield
        outcome = flawed if taken.reason else "ok"
    except Exception as error:
        # Whatever it is that ends a run, status and doctor must show it.
        add_reason(taken, reason_of(error))
        raise
    finally:
        seconds = round(time.monotonic() - clock, 3)
        done = Outcome(step, taken.stored, seconds, started, taken.received, **taken.sent)
        note(done._replace(outcome=outcome, reason=taken.reason))
