# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Touches: which days of which scopes look different since entries were added to the ledger."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from ...catalog.base import Basis
from ...ledger.history import GLOBAL, History
from .flows import WorkFlows, flow_days
from .works import Days, Touched

MOST = 16
"""How many earlier times of a work are compared; of more, all days are touched."""


def touch_all(touched: Touched, work: WorkFlows) -> None:
    """Add all days on which a work moves."""
    for version in work.versions:
        for scope in version.scopes:
            for basis, days in touched.items():
                _add(days, scope, flow_days([version], scope, basis))


def touch(touched: Touched, work: WorkFlows, firsts: Mapping[str, int]) -> None:
    """Add the days on which a work moves otherwise than it did before some entries.

    ``firsts``: the sequence of the first entry of each record that may be new.
    """
    options = [_known(version, firsts.get(version.record)) for version in work.versions]
    many = prod(map(len, options)) > MOST
    for scope in _scopes(work, firsts):
        for basis, days in touched.items():
            if many:
                for known in options:
                    _add(days, scope, flow_days(known, scope, basis))
            else:
                _add(days, scope, set(_different(work, options, scope, basis)))


def _known(version: History, first: int | None) -> list[History]:
    """Return a record's history as it may have been known, and as it is."""
    return [version] if first is None else [*version.prefixes(first), version]


def _scopes(work: WorkFlows, firsts: Mapping[str, int]) -> set[str]:
    """Return the scopes that entries are about; what concerns the record concerns them all."""
    news = [
        entry
        for version in work.versions
        if version.record in firsts
        for entry in version.entries
        if entry.sequence >= firsts[version.record]
    ]
    if any(entry.scope == GLOBAL or entry.facts is not None for entry in news):
        return work.scopes
    return {entry.scope for entry in news}


def _different(
    work: WorkFlows, options: list[list[History]], scope: str, basis: Basis
) -> Iterator[int]:
    """Yield the days on which a work moves otherwise than it did at any earlier time."""
    now = work.days(scope, basis)
    for known in product(*options):
        then = work.days(scope, basis, known)
        if then != now:
            yield from (d for d in now.keys() | then.keys() if now.get(d) != then.get(d))


def _add(touched: Days, scope: str, days: set[int]) -> None:
    """Add days of a scope."""
    if days:
        touched.setdefault(scope, set()).update(days)
