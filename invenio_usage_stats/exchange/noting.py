# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Runs that take events from a queue: what they did, in the journal."""

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


@contextmanager
def noted(step: str, taken: Taken) -> Iterator[None]:
    """Note how a run of a step ended, and what it did."""
    started, clock, outcome = utc_now(), time.monotonic(), "failed"
    try:
        yield
        outcome = "partial" if taken.reason else "ok"
    except Exception as error:
        # Whatever it is that ends a run, status and doctor must show it.
        taken.reason = reason_of(error)
        raise
    finally:
        seconds = round(time.monotonic() - clock, 3)
        done = Outcome(step, taken.stored, seconds, started, taken.received, **taken.sent)
        note(done._replace(outcome=outcome, reason=taken.reason))
