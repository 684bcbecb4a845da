# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rendering: daily documents of usage as text, put together from parts that are made once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from .cells import CellTable
from .columns import Columns, Numbers
from .documents import Documents, delta_header
from .pieces import Piece, numbers_of
from .shares import MISSING

LARGEST = 4 << 20
"""Characters above which a document's lists go to documents of their own."""


class Run(NamedTuple):
    """Be the cells of one dimension of a scope's day, in order, with pieces and numbers."""

    dimension: str
    cells: list[int]
    pieces: list[list[Piece]]
    numbers: list[Numbers]


class UsageRenderer:
    """Render usage deltas."""

    def __init__(self, documents: Documents, table: CellTable, columns: Columns) -> None:
        self.documents = documents
        self.table, self.columns = table, columns
        shown = documents.catalog.shown("usage")
        self.fields = {d.id: d.delta_field("usage") for d in shown}
        self.zero = "{" + columns.template % columns.zero + "}"

    def prefetch(self, cells: Iterable[int]) -> None:
        """Look up the labels of cells, and keep the beginnings of their items."""
        self.table.forget_heads()
        heads = self.table.heads
        wanted = [cell for cell in cells if cell not in heads]
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for cell in wanted:
            dimension, key = self.table.cells[cell]
            keys[dimension].append(key)
        self.documents.prefetch([keys])
        dimensions = self.documents.catalog.dimensions
        for cell in wanted:
            id_, key = self.table.cells[cell]
            if key != MISSING:
                label = self.documents.label(dimensions[id_], key)
                text = msgspec.json.encode({"id": key, "label": label}).decode()
                heads[cell] = f"{text[:-1]},"

    def delta(self, scope: str, day: date, runs: list[Run], times: dict[str, Any]) -> list[str]:
        """Return a day's document of a scope; first the document, then parts of a large one."""
        lists: dict[str, list[str]] = {field: [] for field in self.fields.values()}
        missing, total = [], self.zero
        for run in runs:
            texts = self._texts(run)
            if run.dimension == "":
                total = f"{{{texts[0]}}}"
            elif run.dimension in self.fields:
                field = self.fields[run.dimension]
                cells = run.cells
                if self.table.cells[cells[0]][1] == MISSING:
                    missing.append(f'"{field}":{{{texts[0]}}}')
                    cells, texts = cells[1:], texts[1:]
                heads = self.table.heads
                lists[field] = [
                    f"{heads[cell]}{text}}}" for cell, text in zip(cells, texts, strict=True)
                ]
        head = msgspec.json.encode({**delta_header(scope, day), **times}).decode()[:-1]
        tail = f'"totals":{total},"missing":{{{",".join(missing)}}}'
        return list(_documents(head, tail, lists))

    def _texts(self, run: Run) -> list[str]:
        """Return the counters of cells; those of a single piece are rendered once for all."""
        template = self.columns.template
        texts = []
        for pieces, numbers in zip(run.pieces, run.numbers, strict=True):
            if len(pieces) > 1:
                texts.append(template % numbers)
            else:
                piece = pieces[0]
                piece.text = piece.text or template % numbers
                texts.append(piece.text)
        return texts


def _documents(head: str, tail: str, lists: dict[str, list[str]]) -> Iterator[str]:
    """Yield one document, or one with the numbers and parts with the lists."""
    texts = {field: ",".join(items) for field, items in lists.items()}
    if sum(map(len, texts.values())) <= LARGEST:
        yield f'{head},{tail},"subcounts":{_object(texts)}}}'
        return
    parts = [(field, text) for field, items in lists.items() for text in _parts(items)]
    yield f'{head},{tail},"parts":{len(parts)},"subcounts":{_object(dict.fromkeys(lists, ""))}}}'
    for number, (field, text) in enumerate(parts):
        yield f'{head},"part":{number},"subcounts":{_object({field: text})}}}'


def _object(texts: dict[str, str]) -> str:
    """Return an object of lists."""
    return "{" + ",".join(f'"{field}":[{text}]' for field, text in texts.items()) + "}"


def _parts(items: list[str]) -> Iterator[str]:
    """Yield items as texts that are not too large."""
    some: list[str] = []
    size = 0
    for item in items:
        if some and size + len(item) > LARGEST:
            yield ",".join(some)
            some, size = [], 0
        some.append(item)
        size += len(item)
    if some:
        yield ",".join(some)


def runs_of(
    cells: dict[int, list[Piece]], ranks: dict[int, int], table: CellTable, columns: Columns
) -> list[Run]:
    """Return the cells of a scope in the order of their ranks, dimension by dimension."""
    ordered = sorted(cells, key=ranks.__getitem__)
    runs = []
    for dimension, some in groupby(ordered, key=lambda cell: table.cells[cell][0]):
        run = list(some)
        pieces = [cells[cell] for cell in run]
        numbers = [numbers_of(each, columns) for each in pieces]
        runs.append(Run(dimension, run, pieces, numbers))
    return runs
