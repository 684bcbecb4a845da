# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Verify: compare what is stored with what it was made from, on any instance.

A check is a function of a question that yields comparisons, one by one, and notes on what it
leaves out. Adding a check is adding it to ``CHECKS``.
"""

from collections.abc import Iterator

from .base import Check, Comparison, Note, Question
from .ledger import ledger, projection
from .sheets import sheets
from .snapshots import snapshots
from .usage import communities, repository

CHECKS: tuple[Check, ...] = (repository, communities, snapshots, sheets, ledger, projection)


def verify(question: Question) -> Iterator[Comparison | Note]:
    """Yield every comparison and note of every check, in constant memory."""
    for check in CHECKS:
        yield from check(question)


__all__ = ("CHECKS", "Check", "Comparison", "Note", "Question", "verify")
