# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a pass needs to do its work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep

from .documents import Documents, current_documents
from .running.failures import Boundary
from .running.leases import Lease
from .writer import Writer


@dataclass
class Work:
    """Hold what one step works with: how documents look, where they go, who may write."""

    documents: Documents
    writer: Writer
    boundary: Boundary
    lease: Lease
    events: int = 0
    """How many events the step has read; passes add to it."""
    share: float = 1.0
    """Which share of its time the step works."""
    _since: float = field(default_factory=monotonic, init=False)

    def rest(self) -> None:
        """Rest after a lot of work for as long as the step's share asks for."""
        worked = monotonic() - self._since
        if self.share < 1:
            sleep(worked * (1 / self.share - 1))
        self._since = monotonic()

    def verdict(self) -> tuple[str, str]:
        """Return how the step went, ok or partial, and why it is not ok."""
        reasons = list(self.boundary.reasons())
        if self.writer.superseded:
            reasons.append(f"{self.writer.superseded} documents were written later by another run")
        return ("partial", "; ".join(reasons)) if reasons else ("ok", "")


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python from looking for cycles: passes make millions of objects, and none of them.

    Measured: the search for cycles takes a quarter of the time of a day, and two fifths of that in
    which records are loaded.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def new_work(lease: Lease, share: float = 1.0, all_due: bool = False) -> Work:
    """Return what a step of the current application works with.

    ``share``: which share of its time it works; it rests between lots; ``all_due``: see
    ``Boundary``.
    """
    boundary = Boundary(all_due)
    return Work(current_documents(), Writer(boundary, lease), boundary, lease, share=share)
