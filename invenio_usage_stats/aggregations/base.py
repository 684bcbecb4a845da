# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a pass needs to do its work."""

from dataclasses import dataclass

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

    def verdict(self) -> tuple[str, str]:
        """Return how the step went, ok or partial, and why it is not ok."""
        reasons = list(self.boundary.reasons())
        if self.writer.superseded:
            reasons.append(f"{self.writer.superseded} documents were written later by another run")
        return ("partial", "; ".join(reasons)) if reasons else ("ok", "")


def new_work(lease: Lease, all_due: bool = False) -> Work:
    """Return what a step of the current application works with (see ``Boundary``)."""
    boundary = Boundary(all_due)
    return Work(current_documents(), Writer(boundary, lease), boundary, lease)
