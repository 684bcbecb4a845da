# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counts per scope, dimension and value, and rows per scope and record, of synthetic days."""

from collections.abc import Iterator

import numpy as np
from spike_data import DIMENSIONS, EVENT_DIMENSIONS, GLOBAL, NAMES, Day, World

Cells = dict[str, tuple[list[str], list[list[int]]]]
"""Per dimension: values in order, and a column per metric."""
Table = list[list[int]]
"""Columns of equal length."""

_VALUE, _DIMENSION, _ROW = 20, 4, 20


def texts(dimension: str, codes: np.ndarray) -> list[str]:
    """Return the values of a dimension as text."""
    pattern = DIMENSIONS[dimension][2] if dimension in DIMENSIONS else EVENT_DIMENSIONS[dimension]
    return [pattern.format(code) for code in codes.tolist()]


def _scoped(
    world: World, record: np.ndarray, chosen: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (positions of rows, scope of each) for the chosen scopes."""
    for scopes in (np.full(len(record), GLOBAL), world.first[record], world.second[record]):
        inside = chosen[scopes]
        if scopes[0] != GLOBAL or scopes.any():
            inside &= scopes > 0
        at = np.flatnonzero(inside)
        yield at, scopes[at]


def _sum(
    keys: list[np.ndarray], at: list[np.ndarray], counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Add up counts by key."""
    both = np.sort((np.concatenate(keys) << _ROW) | np.concatenate(at))
    key, row = both >> _ROW, both & ((1 << _ROW) - 1)
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    sums = [np.add.reduceat(line[row], starts) for line in counts]
    return key[starts], np.stack(sums)


def _key(scope: np.ndarray, dimension: int, value: np.ndarray) -> np.ndarray:
    """Return one sortable number."""
    return (scope << (_VALUE + _DIMENSION)) | (dimension << _VALUE) | value


def _of_records(world: World, day: Day, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return counts by the values of records."""
    keys, rows = [], []
    for at, scope in _scoped(world, day.by_record.record, chosen):
        for number, name in enumerate(DIMENSIONS):
            values = world.values[name][day.by_record.record[at]]
            line, column = np.nonzero(values >= 0)
            keys.append(_key(scope[line], number, values[line, column]))
            rows.append(at[line])
    return _sum(keys, rows, day.by_record.counts)


def _of_events(
    world: World, day: Day, chosen: np.ndarray, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return counts by a property of the event."""
    counted, value = day.by_event[name]
    keys, rows = [], []
    for at, scope in _scoped(world, counted.record, chosen):
        keys.append(_key(scope, NAMES.index(name), value[at]))
        rows.append(at)
    return _sum(keys, rows, counted.counts)


def cells_of_day(world: World, day: Day, chosen: np.ndarray) -> dict[int, Cells]:
    """Return the cells of every chosen scope."""
    scopes: dict[int, Cells] = {}
    parts = [_of_records(world, day, chosen)]
    parts += [_of_events(world, day, chosen, name) for name in EVENT_DIMENSIONS]
    for keys, sums in parts:
        group = keys >> _VALUE
        starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]).tolist()
        for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
            scope, number = divmod(int(group[start]), 1 << _DIMENSION)
            values = texts(NAMES[number], keys[start:end] & ((1 << _VALUE) - 1))
            scopes.setdefault(scope, {})[NAMES[number]] = (values, sums[:, start:end].tolist())
    return scopes


def _split(order: np.ndarray, scope: np.ndarray, columns: list[np.ndarray]) -> dict[int, Table]:
    """Return the columns of each scope, in an order."""
    scope = scope[order]
    starts = np.flatnonzero(np.r_[True, scope[1:] != scope[:-1]]).tolist()
    bounds = zip(starts, [*starts[1:], len(scope)], strict=True)
    sorted_columns = [column[order] for column in columns]
    return {int(scope[s]): [c[s:e].tolist() for c in sorted_columns] for s, e in bounds}


def _table(
    world: World, record: np.ndarray, file: np.ndarray, counts: list[np.ndarray], chosen: np.ndarray
) -> dict[int, Table]:
    """Return per scope: record, file, facts, distance to the parent, counts; by record."""
    places, scopes = zip(*_scoped(world, record, chosen), strict=True)
    at, scope = np.concatenate(places), np.concatenate(scopes)
    ordinal, facts = world.ordinal[record], world.facts[record]
    parent = np.where(world.lead[record], 0, ordinal % 1_000)
    order = np.lexsort((file[at], ordinal[at], scope))
    columns = [ordinal, file, facts, parent, *counts]
    return _split(order, scope, [column[at] for column in columns])


def rows_of_day(world: World, day: Day, chosen: np.ndarray) -> dict[int, tuple[Table, Table]]:
    """Return per scope the rows of views (by record) and of downloads (by record and file)."""
    record, counts = day.by_record
    seen = np.flatnonzero(counts[0])
    views = [counts[0][seen], counts[1][seen]]
    viewed = _table(world, record[seen], np.zeros(len(seen), np.int64), views, chosen)
    owner, file, number = day.by_file
    volume = number * (world.bytes[owner] // (file + 1))
    loads = [number, number - number // 6, volume]
    loaded = _table(world, owner, file, loads, chosen)
    empty: Table = [[] for _ in range(7)]
    return {s: (viewed.get(s, empty[:6]), loaded.get(s, empty)) for s in viewed | loaded}
