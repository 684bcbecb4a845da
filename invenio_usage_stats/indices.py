# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Names of indices, and the few calls of the search engine that all rooms share."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from time import sleep
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from flask import current_app
from invenio_search import current_search_client
from invenio_search.engine import search
from invenio_search.utils import build_alias_name

from .catalog.base import BASES
from .errors import SetupError, UsageStatsError

EVENTS = "stats-community-events"
EVENT_PREFIX = "events-stats-"
USAGE_EVENTS = {
    "view": f"{EVENT_PREFIX}record-view",
    "download": f"{EVENT_PREFIX}file-download",
}
VISIT = "visit"
ALL_EVENTS = {**USAGE_EVENTS, VISIT: f"{EVENT_PREFIX}community-visit"}
"""Events of records, and visits to landing pages of communities."""
REPORT = "report"
REPORTED = f"{EVENT_PREFIX}reported-use"
"""What programs have reported to the door for those that speak with Matomo."""
REPOSITORY = {"view": "stats-record-view", "download": "stats-file-download"}
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Publication dates outside of these years share an index: anybody may claim any.

No repository is older. The limit is fixed, so that a day never moves to another index.
"""
PAGE = 10_000
UNUSABLE = {
    "index_not_found_exception": "is missing: run 'invenio usage-stats setup'",
    "index_closed_exception": "is closed: open it by POST /{index}/_open",
    "cluster_block_exception": "is not written wholly: run 'invenio usage-stats setup'",
}
"""How the search engine says that an index cannot be searched, and what is to be done."""
UNAVAILABLE = 503
FORMING = (0.1, 0.2, 0.4, 0.8)
"""Seconds to wait before each repetition of a search that met an index just being made."""
CLIENT = "invenio-usage-stats-search"
_SCROLL_ID = re.compile(r'"_scroll_id":"([^"]+)"')
_TOTAL = re.compile(r'"total":\{"value":(\d+)')
_TIMED_OUT = re.compile(r'"timed_out":(true|false)')
_SHARDS = re.compile(r'"_shards":\{"total":(\d+),"successful":(\d+),"skipped":(\d+),"failed":(\d+)')


T = TypeVar("T")


class Product(NamedTuple):
    """Be one kind of documents: a family, delta or snapshot, and a basis for records."""

    family: str
    kind: str
    basis: str = ""

    @property
    def alias(self) -> str:
        """Return the alias, without the instance's prefix."""
        parts = ("stats-community", self.family, self.kind, self.basis)
        return "-".join(part for part in parts if part)

    @property
    def name(self) -> str:
        """Return the key of the aggregation, which is the type of its bookmark too."""
        return f"{self.alias.removeprefix('stats-')}-agg"

    def index(self, day: date) -> str:
        """Return the full name of the index that holds a day."""
        year = f"{day.year}"
        if self.basis == "published" and not FIRST_YEAR <= day.year <= LAST_YEAR:
            year = "0000" if day.year < FIRST_YEAR else "9999"
        return build_alias_name(f"{self.alias}-{year}")

    @property
    def target(self) -> str:
        """Return the full name of the alias."""
        return build_alias_name(self.alias)


RECORD_DELTAS = tuple(Product("records", "delta", basis) for basis in BASES)
RECORD_SNAPSHOTS = tuple(Product("records", "snapshot", basis) for basis in BASES)
USAGE_DELTA = Product("usage", "delta")
USAGE_SNAPSHOT = Product("usage", "snapshot")
SHEETS = Product("sheets", "")
PRODUCTS = (*RECORD_DELTAS, *RECORD_SNAPSHOTS, USAGE_DELTA, USAGE_SNAPSHOT)


def full_name(index: str) -> str:
    """Return the name of an index or alias with the instance's prefix."""
    return build_alias_name(index)


def _options(index: str) -> dict[str, str]:
    """Return how to search an index that need not exist yet.

    The index of ledger entries must: without it no community would have any record or event.
    """
    optional = "false" if index == full_name(EVENTS) else "true"
    return {"ignore_unavailable": optional, "allow_no_indices": optional}


@contextmanager
def _usable() -> Iterator[None]:
    """Raise ``SetupError`` when the index of ledger entries is missing, closed or incomplete."""
    try:
        yield
    except search.TransportError as error:
        _check_usable(error.status_code, error.error, error)
        raise


def _check_usable(status: Any, kind: Any, error: Exception | None = None) -> None:
    """Raise ``SetupError`` when a kind of error says that an index is missing or closed."""
    if kind in UNUSABLE and status != UNAVAILABLE:
        index = full_name(EVENTS)
        raise SetupError(f"The index {index} {UNUSABLE[kind]}.".format(index=index)) from error


def complete(answer: dict[str, Any]) -> dict[str, Any]:
    """Return a search engine's answer that lacks nothing.

    Raises ``UsageStatsError`` when the search failed, took too long, or found only a part of
    the shards: what is not there can neither be counted nor taken for nothing.
    """
    if "error" in answer:
        _check_usable(answer.get("status"), answer["error"].get("type"))
        raise UsageStatsError(f"A search failed: {answer['error']}"[:1_000])
    shards = answer["_shards"]
    if answer["timed_out"] or shards["failed"] or shards["successful"] < shards["total"]:
        state = "a search that took too long" if answer["timed_out"] else "an incomplete search"
        raise UsageStatsError(f"Nothing is counted from {state}; shards: {shards}"[:1_000])
    return answer


def _formed(ask: Callable[[], list[T]]) -> list[T]:
    """Return answers, asked for again while they lack shards of which none has failed.

    So it is for a moment when the first document of a year has an index made.
    """
    for pause in FORMING:
        answers = ask()
        if not any(map(_is_forming, answers)):
            return answers
        sleep(pause)
    return ask()


def _is_forming(answer: Any) -> bool:
    """Tell whether an answer, parsed or not, lacks shards although no search of one failed."""
    state = _state(answer) if isinstance(answer, str) else answer
    shards = state.get("_shards")
    if shards is None or state["timed_out"] or shards["failed"]:
        return False
    return shards["successful"] < shards["total"]


def find(index: str, body: dict[str, Any]) -> dict[str, Any]:
    """Search an index that need not exist yet; the answer is complete or an error is raised."""
    asked = {"index": index, "body": body, "params": _options(index)}
    with _usable():
        (answer,) = _formed(lambda: [current_search_client.search(**asked)])
    return complete(answer)


def find_all(searches: Iterable[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Search several indices that need not exist yet, with one body each, in one request."""
    lines: list[dict[str, Any]] = []
    for index, body in searches:
        lines += [{"index": index, **_options(index)}, body]
    if not lines:
        return []
    answers = _formed(lambda: current_search_client.msearch(body=lines)["responses"])
    return [complete(answer) for answer in answers]


def _first_page(client: Any, index: str, query: dict[str, Any], body: dict[str, Any]) -> Any:
    """Begin to read all hits of a query, as the client gives them."""
    wanted = {"query": query, "sort": ["_doc"], "size": PAGE, **body}
    asked = {"index": index, "body": wanted, "params": {"scroll": "5m", **_options(index)}}
    with _usable():
        (answer,) = _formed(lambda: [client.search(**asked)])
    return answer


def scroll(index: str, query: dict[str, Any], **body: Any) -> Iterator[dict[str, Any]]:
    """Yield all hits of a query, unsorted, in pages; measured to be the fastest way to read."""
    client = current_search_client
    answer = _first_page(client, index, query, body)
    scroll_id = answer.get("_scroll_id")
    try:
        while True:
            yield from complete(answer)["hits"]["hits"]
            if len(answer["hits"]["hits"]) < PAGE:
                return
            answer = client.scroll(body={"scroll_id": scroll_id, "scroll": "5m"})
    finally:
        if scroll_id:
            client.clear_scroll(body={"scroll_id": [scroll_id]})


class Hit(msgspec.Struct, Generic[T], gc=False):
    """Be one document of a page."""

    id: str = msgspec.field(name="_id")
    source: T = msgspec.field(name="_source")


class Hits(msgspec.Struct, Generic[T]):
    """Be the documents of a page."""

    hits: list[Hit[T]]


class Page(msgspec.Struct, Generic[T]):
    """Be a page of documents of one type, for typed decoders."""

    hits: Hits[T]


class _Text(search.serializer.JSONSerializer):
    """Leave answers as text, for a typed parser."""

    def loads(self, s: str) -> str:
        """Return the answer unparsed."""
        return s


def text_client() -> Any:
    """Return a client of the search engine that answers with unparsed text."""
    extensions = current_app.extensions
    if CLIENT not in extensions:
        config = {"hosts": current_app.config["SEARCH_HOSTS"]}
        config |= current_app.config.get("SEARCH_CLIENT_CONFIG") or {}
        extensions[CLIENT] = search.OpenSearch(**config, serializer=_Text())
    return extensions[CLIENT]


def pages(index: str, query: dict[str, Any], **body: Any) -> Iterator[str]:
    """Yield the pages of all hits of a query, unsorted, as unparsed text."""
    client = text_client()
    page = _first_page(client, index, query, body)
    scroll_id, total = _SCROLL_ID.search(page), int(_TOTAL.search(page)[1])
    try:
        # A first page without hits must be complete, too: nothing there is not nothing found.
        first = _complete_text(page)
        if total:
            yield first
        for _ in range(PAGE, total, PAGE):
            page = client.scroll(body={"scroll_id": scroll_id[1], "scroll": "5m"})
            yield _complete_text(page)
    finally:
        if scroll_id:
            client.clear_scroll(body={"scroll_id": [scroll_id[1]]})


def _complete_text(page: str) -> str:
    """Return an unparsed answer that lacks nothing; raise ``UsageStatsError`` otherwise."""
    complete(_state(page))
    return page


def _state(page: str) -> dict[str, Any]:
    """Return what an unparsed answer says of itself."""
    counts = map(int, _SHARDS.search(page).groups())
    shards = dict(zip(("total", "successful", "skipped", "failed"), counts, strict=True))
    return {"timed_out": _TIMED_OUT.search(page)[1] == "true", "_shards": shards}


def terms_batches(field: str, values: Iterable[str], size: int = 10_000) -> Iterator[dict]:
    """Yield terms queries for many values, each within the engine's limit."""
    wanted = sorted(values)
    for start in range(0, len(wanted), size):
        yield {"terms": {field: wanted[start : start + size]}}


def of_scope(scope: str, field: str, **bounds: date) -> dict[str, Any]:
    """Return a query for a scope's documents whose day lies within bounds (gte, lt, lte)."""
    days = {name: day.isoformat() for name, day in bounds.items()}
    return {"bool": {"filter": [{"term": {"community_id": scope}}, {"range": {field: days}}]}}


def with_any(fields: Iterable[str]) -> dict[str, Any]:
    """Return a query for documents in which any of some mapped numbers is above zero."""
    above = [{"range": {field: {"gt": 0}}} for field in fields]
    return {"bool": {"should": above, "minimum_should_match": 1}}


def refresh(index: str) -> None:
    """Make what was written visible to searches."""
    current_search_client.indices.refresh(
        index=index, params={"ignore_unavailable": "true", "allow_no_indices": "true"}
    )
