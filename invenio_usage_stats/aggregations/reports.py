# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported downloads: numbers of a scope, by record and by the software that has reported them.

Sheets have a row for each work, version and software. Days without any have no field for them, so
documents of repositories to which nobody reports are as if there were no such metric.
"""

from collections import Counter

import msgspec

from ..catalog import DIMENSIONS, METRICS
from ..catalog.base import REPORTS

REPORTED = next(metric for metric in METRICS if metric.family == REPORTS)
"""The metric that all of this is about."""
SOFTWARE = next(dimension for dimension in DIMENSIONS if REPORTS in dimension.families)
"""The dimension that alone breaks it down."""
WHOLE = 0
"""Stands for the version where a work was downloaded as a whole."""
Row = tuple[int, int, str]
"""The ordinals of the work and of the version, and the software."""
Rows = Counter[Row]
Columns = tuple[list[int], list[int], list[str], list[int]]
"""Rows as they are stored, with their numbers last."""
Shaped = dict[str, dict[str, int]]


def encoded(rows: Rows) -> bytes:
    """Return rows as a section of a sheet, the same for equal rows."""
    ordered = sorted(rows.items())
    columns = [[row[n] for row, _ in ordered] for n in range(3)]
    return msgspec.msgpack.encode((*columns, [number for _, number in ordered]))


def decoded(data: bytes) -> Rows:
    """Return the rows of a section."""
    works, records, names, numbers = msgspec.msgpack.decode(data, type=Columns)
    return Counter(dict(zip(zip(works, records, names, strict=True), numbers, strict=True)))


def by_software(rows: Rows) -> Counter[str]:
    """Return the numbers of each software."""
    found: Counter[str] = Counter()
    for (_, _, name), number in rows.items():
        found[name] += number
    return found


def shaped(number: int) -> Shaped:
    """Return a number in the shape of documents: nothing where there is none."""
    return {REPORTED.event: {REPORTED.field: number}} if number else {}
