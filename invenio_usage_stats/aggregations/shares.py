# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Shares: under which keys of which dimensions a record counts, and with how much."""

from collections.abc import Iterable
from typing import NamedTuple

from ..catalog.base import Dimension
from ..ledger.facts import Facts

Cell = tuple[str, str]
"""A dimension and one of its keys."""

MISSING = ""
"""The key of what has no value in a dimension; real keys are never empty."""

TOTAL: Cell = ("", MISSING)
"""The cell that counts everything."""


class Share(NamedTuple):
    """Be what one record adds to one cell."""

    with_files: bool
    files: int
    volume: int


def keys_of(facts: Facts, dimension: Dimension) -> tuple[str, ...]:
    """Return the keys under which a record counts in a dimension of record properties."""
    if dimension.source == "file":
        return tuple(extension for extension in facts.files if extension)
    return facts.values.get(dimension.id, ())


def shares_of(facts: Facts, dimensions: Iterable[Dimension]) -> dict[Cell, Share]:
    """Return a record's share of each cell, the total included.

    A file type holds the files of its own extension only; any other key holds all files.
    """
    whole = Share(bool(facts.files), facts.file_count, facts.volume)
    shares: dict[Cell, Share] = {TOTAL: whole}
    for dimension in dimensions:
        keys = keys_of(facts, dimension)
        for key in keys or (MISSING,):
            own = key != MISSING and dimension.source == "file"
            shares[dimension.id, key] = Share(True, *facts.files[key]) if own else whole
    return shares
