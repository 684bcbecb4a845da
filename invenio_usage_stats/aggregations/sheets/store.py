# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sheets in the search engine: one document for a small sheet, one per section of a large one."""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import msgspec
from invenio_search import current_search_client

from ...errors import UsageStatsError
from ...indices import SHEETS, scroll
from ...ledger.history import day_number
from ..columns import Columns
from ..packing import pack, unpack
from ..shares import TOTAL
from ..writer import Document
from .sheet import LINES, REPEATS, Sections, Sheet
from .spans import Span

SMALL = 256 << 10
"""Bytes (not compressed) up to which a sheet is one document."""
CHUNK = 3 << 20
"""Characters of data that one document holds at most."""
FORMAT = 1
ATTEMPTS = 5
IDS = 500
PACKED = dict[str, msgspec.Raw]


def sheet_id(scope: str, span: Span, *section: object) -> str:
    """Return the id of a sheet's document."""
    return ":".join(map(str, (scope, span.key, *section)))


class SheetWriter:
    """Make the documents of sheets that are written together."""

    def __init__(self, columns: Columns, written: str, token: int) -> None:
        self.columns = columns
        self.common = {"format": FORMAT, "token": token, "timestamp": written}
        self.common |= {"updated_timestamp": written}
        self.common["columns"] = [f"{event}.{counter}" for event, counter in columns.at]

    def documents(
        self, scope: str, span: Span, sections: Sections, more: dict[str, Any] | None = None
    ) -> Iterator[Document]:
        """Yield the documents of a sheet, the one that leads to the others last.

        ``more``: further fields of the leading document.
        """
        fields = (
            self.common
            | (more or {})
            | {
                "community_id": scope,
                "span": span.kind,
                "span_start": span.start.isoformat(),
                "totals": self._totals(sections),
            }
        )
        if sum(map(len, sections.values())) <= SMALL:
            raw = {name: msgspec.Raw(data) for name, data in sections.items()}
            fields["data"] = pack(msgspec.msgpack.encode(raw))
        else:
            fields["sections"] = {}
            for name, data in sections.items():
                chunks = list(_chunks(pack(data)))
                fields["sections"][name] = len(chunks)
                for number, chunk in enumerate(chunks):
                    part = {"part": True, "token": fields["token"], "data": chunk}
                    yield _document(scope, span, part, name, number)
        yield _document(scope, span, fields)

    def _totals(self, sections: Sections) -> dict[str, dict[str, int]]:
        """Return the totals of a sheet, which searches can read without unpacking it."""
        sheet = Sheet(self.columns, sections)
        total = sheet.numbers(TOTAL[0]).get(TOTAL[1], self.columns.zero)
        return self.columns.item(total) | sheet.beside.totals()


def _chunks(text: str) -> Iterator[str]:
    """Yield a text in pieces that each are text of whole bytes."""
    for start in range(0, len(text), CHUNK):
        yield text[start : start + CHUNK]


def _document(scope: str, span: Span, fields: dict[str, Any], *section: object) -> Document:
    """Return a document to be written."""
    body = msgspec.json.encode(fields).decode()
    id_ = sheet_id(scope, span, *section)
    return Document(SHEETS.index(span.start), id_, body, scope, day_number(span.start))


def spans_of(scopes: Iterable[str], since: date, until: date) -> dict[str, list[Span]]:
    """Return the spans of the sheets that scopes have within a period, in order."""
    fields = [{"field": "span_start", "format": "strict_date"}, "span", "community_id"]
    found: dict[str, list[Span]] = {scope: [] for scope in scopes}
    bounds = {"gte": since.isoformat(), "lte": until.isoformat()}
    wanted = [{"terms": {"community_id": list(found)}}, {"range": {"span_start": bounds}}]
    query = {"bool": {"filter": wanted}}
    for hit in scroll(SHEETS.target, query, _source=False, docvalue_fields=fields):
        values = hit["fields"]
        span = Span(date.fromisoformat(values["span_start"][0]), values["span"][0])
        found[values["community_id"][0]].append(span)
    return {scope: sorted(spans) for scope, spans in found.items()}


Key = tuple[str, Span]
G = TypeVar("G")


class PackedSections(dict[str, str]):
    """Hold the sections of a large sheet, each unpacked only when it is asked for."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return the data of a section."""
        return unpack(self[name]) if name in self else default


class SmallSections(Mapping[str, bytes]):
    """Hold the sections of a small sheet, unpacked together when one is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> dict[str, bytes]:
        """Return the sections."""
        raw = msgspec.msgpack.decode(unpack(self._text), type=PACKED)
        return {name: bytes(data) for name, data in raw.items()}

    def __getitem__(self, name: str) -> bytes:
        """Return the data of a section."""
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the sections."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return how many sections there are."""
        return len(self._found)


class _Stored(NamedTuple):
    """Be a sheet's leading document, and what was fetched of its sections.

    Nothing is unpacked yet: what is damaged fails for whoever uses it, not for all that is read
    with it.
    """

    source: dict[str, Any]
    sections: Any


def read(
    columns: Columns, keys: Iterable[Key], only: Iterable[str] | None = None
) -> dict[Key, Sheet]:
    """Return the sheets of scopes and spans that exist.

    ``only``: the sections that are wanted of large sheets; none for all. Lines bring along what
    several of them count. Sheets that are being
    rewritten are read again; one that stays incomplete is left out.
    """
    wanted = list(keys)
    found: dict[Key, Sheet] = {}
    for attempt in range(ATTEMPTS):
        time.sleep(0.2 * attempt)
        stored, wanted = _fetch(wanted, only)
        found |= {key: Sheet(columns, one.sections, key[1]) for key, one in stored.items()}
        if not wanted:
            break
    return found


def in_order(found: dict[Key, Sheet], keys: Iterable[Key]) -> list[Sheet]:
    """Return sheets in the order of their keys; raise ``UsageStatsError`` when one is missing."""
    try:
        return [found[key] for key in keys]
    except KeyError as error:
        raise UsageStatsError(
            f"The sheet {sheet_id(*error.args[0])} is incomplete: rebuild its days."
        ) from error


def read_groups(
    columns: Columns, groups: Iterable[tuple[G, list[Key]]]
) -> Iterator[tuple[G, dict[Key, Sheet]]]:
    """Yield each group with its sheets; small groups are fetched together."""
    waiting: list[tuple[G, list[Key]]] = []
    for group, keys in groups:
        if waiting and sum(len(some) for _, some in waiting) + len(keys) > IDS:
            yield from _read_together(columns, waiting)
            waiting = []
        waiting.append((group, keys))
    yield from _read_together(columns, waiting)


def _read_together(
    columns: Columns, groups: list[tuple[G, list[Key]]]
) -> Iterator[tuple[G, dict[Key, Sheet]]]:
    """Yield some groups with their sheets, fetched by the same requests."""
    found = read(columns, {key for _, keys in groups for key in keys})
    for group, keys in groups:
        yield group, {key: found[key] for key in keys if key in found}


def _fetch(keys: list[Key], only: Iterable[str] | None) -> tuple[dict[Key, _Stored], list[Key]]:
    """Return sheets by key, and the keys of those whose sections do not fit together."""
    stored: dict[Key, _Stored] = {}
    for key, source in _get([(*key, ()) for key in keys]).items():
        stored[key[:2]] = _Stored(source, _sections(source))
    chosen = None if only is None else set(only)
    if chosen is not None and LINES in chosen:
        chosen.add(REPEATS)
    parts = [
        (*key, (name, number))
        for key, one in stored.items()
        for name, count in one.source.get("sections", {}).items()
        if chosen is None or name in chosen
        for number in range(count)
    ]
    texts: dict[tuple[Key, str], list[str]] = {}
    torn: set[Key] = set()
    answers = _get(parts)
    for scope, span, (name, number) in parts:
        key, source = (scope, span), answers.get((scope, span, (name, number)))
        if source is None or source["token"] != stored[key].source["token"]:
            torn.add(key)
        else:
            texts.setdefault((key, name), []).append(source["data"])
    for (key, name), chunks in texts.items():
        if key not in torn:
            stored[key].sections[name] = "".join(chunks)
    return {key: one for key, one in stored.items() if key not in torn}, sorted(torn)


def _sections(source: dict[str, Any]) -> SmallSections | PackedSections:
    """Return the sections of a sheet in one document, or what takes those of a large one."""
    return SmallSections(source["data"]) if "data" in source else PackedSections()


def _get(names: list[tuple[str, Span, tuple]]) -> dict[tuple[str, Span, tuple], dict[str, Any]]:
    """Return documents by scope, span and section."""
    found = {}
    for start in range(0, len(names), IDS):
        some = names[start : start + IDS]
        docs = [
            {"_index": SHEETS.index(span.start), "_id": sheet_id(scope, span, *section)}
            for scope, span, section in some
        ]
        answers = current_search_client.mget(body={"docs": docs})["docs"]
        for name, answer in zip(some, answers, strict=True):
            if answer.get("found"):
                found[name] = answer["_source"]
    return found
