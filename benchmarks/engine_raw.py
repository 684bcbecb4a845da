# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The least that reading and writing can cost: bytes in and out, nothing parsed."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import urllib3
from invenio_search import current_search_client

from invenio_usage_stats.indices import PAGE, full_name

_SCROLL = re.compile(rb'"_scroll_id":"([^"]+)"')
_VERSION = re.compile(rb'"version":\d{10,}')
_TOTAL = re.compile(rb'"total":\{"value":(\d+)')
BODY = 5 * 1024 * 1024
JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}


class Reading(NamedTuple):
    """Say what was read."""

    hits: int
    pages: int
    size: int


class RawClient:
    """Send and receive bytes."""

    def __init__(self) -> None:
        host = current_search_client.transport.hosts[0]
        self._pool = urllib3.HTTPConnectionPool(host["host"], host.get("port", 9200))

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """Return the body of an answer; end the program when it is a refusal."""
        answer = self._pool.request(method, path, body=body, headers=headers)
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.data[:500]!r}")
        return answer.data

    def read(self, index: str, query: dict[str, Any]) -> Reading:
        """Read every hit of a query, in the pages and the order of the engine."""
        first = {"query": query, "sort": ["_doc"], "size": PAGE}
        path = f"/{index}/_search?scroll=5m&ignore_unavailable=true"
        data = self._ask("POST", path, msgspec.json.encode(first), JSON)
        hits, size, pages = int(_TOTAL.search(data)[1]), len(data), 1
        while pages * PAGE <= hits:
            body = {"scroll_id": _SCROLL.search(data)[1].decode(), "scroll": "5m"}
            data = self._ask("POST", "/_search/scroll", msgspec.json.encode(body), JSON)
            size, pages = size + len(data), pages + 1
        done = msgspec.json.encode({"scroll_id": [_SCROLL.search(data)[1].decode()]})
        self._ask("DELETE", "/_search/scroll", done, JSON)
        return Reading(hits, pages, size)

    def send(self, bodies: Iterable[bytes]) -> int:
        """Send bulk bodies; return their bytes."""
        size = 0
        for body in bodies:
            answer = self._ask("POST", "/_bulk?filter_path=errors", body, LINES)
            if b"false" not in answer:
                raise SystemExit(f"The search engine rejected documents: {answer[:500]!r}")
            size += len(body)
        return size

    def write(self, documents: Iterable[tuple[str, str, Any]]) -> int:
        """Write (index, id, source); return the bytes."""
        return self.send(_bodies(documents))


def _bodies(documents: Iterable[tuple[str, str, Any]]) -> Iterable[bytes]:
    """Yield bulk bodies of 5 MB."""
    body = bytearray()
    for index, id_, source in documents:
        body += msgspec.json.encode({"index": {"_index": index, "_id": id_}})
        body += b"\n" + msgspec.json.encode(source) + b"\n"
        if len(body) > BODY:
            yield bytes(body)
            body.clear()
    if body:
        yield bytes(body)


def renewed(bodies: Iterable[bytes], version: int) -> list[bytes]:
    """Return bulk bodies with a later version, so that they may overwrite what is there."""
    return [_VERSION.sub(b'"version":%d' % version, body) for body in bodies]


def indices_of(bodies: Iterable[bytes]) -> set[str]:
    """Return the indices into which bulk bodies write."""
    lines = (line for body in bodies for line in body.split(b"\n")[::2] if line)
    return {next(iter(msgspec.json.decode(line).values()))["_index"] for line in lines}


def sources_of(bodies: Iterable[bytes], part: str) -> Iterable[bytes]:
    """Yield the JSON of documents whose index has a name that contains a text."""
    wanted = part.encode()
    for body in bodies:
        lines = body.split(b"\n")
        pairs = zip(lines[::2], lines[1::2], strict=False)
        yield from (source for action, source in pairs if wanted in action)


def emptied(names: Iterable[str]) -> None:
    """Delete indices and create them again, empty, from their templates."""
    indices = current_search_client.indices
    for name in sorted(names):
        indices.delete(index=name, ignore=[404])
        indices.create(index=name)


def deleted(*patterns: str) -> None:
    """Delete our indices whose names match."""
    names = ",".join(full_name(pattern) for pattern in patterns)
    current_search_client.indices.delete(index=names, ignore=[404])
