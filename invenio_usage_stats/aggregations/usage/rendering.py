# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rendering: daily documents of usage as text, put together from parts that are made once."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from ..beside import NOTHING, Beside
from ..columns import Columns
from ..documents import Documents, delta_header
from ..shares import MISSING
from .cells import CellTable
from .scope_days import DayCells, Run

LARGEST = 4 << 20
"""Characters above which a document's lists go to documents of their own."""


KEPT_TEXTS = 200_000


class Counters(dict[int, str]):
    """Give rows of numbers (as lanes) as text; most rows of a day are alike, or met again."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def __missing__(self, lanes: int) -> str:
        """Return the counters of an item, with the end of the item."""
        if len(self) > KEPT_TEXTS:
            self.clear()
        text = self[lanes] = self.columns.template % self.columns.numbers(lanes) + "}"
        return text


class UsageRenderer:
    """Render usage deltas."""

    def __init__(self, documents: Documents, table: CellTable, columns: Columns) -> None:
        self.documents = documents
        self.table = table
        shown = documents.catalog.shown("usage")
        self.fields = {d.id: d.delta_field("usage") for d in shown}
        self.counters = Counters(columns)
        self.heads: list[str] = []
        self.keys: list[str] = []

    def prepare(self, day: DayCells) -> None:
        """Look up the labels of a day's cells, and keep the beginnings of their items."""
        self.table.forget_heads()
        known = self.table.heads
        wanted = [cell for cell in day.cells if cell not in known]
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for cell in wanted:
            dimension, key = self.table.cells[cell]
            keys[dimension].append(key)
        self.documents.prefetch([keys])
        for cell in wanted:
            known[cell] = self._head(*self.table.cells[cell])
        self.heads = [known[cell] for cell in day.cells]
        self.keys = day.keys

    def _head(self, dimension: str, key: str) -> str:
        """Return how the item of a cell begins."""
        if key == MISSING or not dimension:
            return "{"
        label = self.documents.label(self.documents.catalog.dimensions[dimension], key)
        text = msgspec.json.encode({"id": key, "label": label}).decode()
        return f"{text[:-1]},"

    def delta(
        self,
        scope: str,
        day: date,
        runs: list[Run],
        times: dict[str, Any],
        beside: Beside = NOTHING,
    ) -> list[str]:
        """Return a day's document of a scope; first the document, then parts of a large one."""
        lists: dict[str, list[str]] = {field: [] for field in self.fields.values()}
        missing, total = [], "{" + self.counters[0]
        heads, counters = self.heads, self.counters
        for run in runs:
            items = [
                heads[place] + counters[lanes]
                for place, lanes in zip(run.places, run.lanes, strict=True)
            ]
            if not run.dimension:
                (total,) = items
            elif run.dimension in self.fields:
                field = self.fields[run.dimension]
                if self.keys[run.places[0]] == MISSING:
                    missing.append(f'"{field}":{items.pop(0)}')
                lists[field] = items
        if totals := beside.totals():
            total = f"{total[:-1]},{msgspec.json.encode(totals).decode()[1:]}"
        reported = self.documents.reported(beside, "delta")
        for field, own in reported.get("subcounts", {}).items():
            lists[field] = [msgspec.json.encode(item).decode() for item in own]
        for field, item in reported.get("missing", {}).items():
            missing.append(f'"{field}":{msgspec.json.encode(item).decode()}')
        head = msgspec.json.encode({**delta_header(scope, day), **times}).decode()[:-1]
        tail = f'"totals":{total},"missing":{{{",".join(missing)}}}'
        return list(_documents(head, tail, lists))


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
