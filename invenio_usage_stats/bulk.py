# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bulk requests: bodies of about 5 MB, the next one built while the last one is on its way.

Documents have external versions: what was read later wins, whoever writes last.
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from invenio_search import current_search_client
from invenio_search.engine import search

from .errors import SearchEngineError

BODY = 5 * 1024 * 1024
PAUSES = (1, 2, 4, 8)
"""Seconds to wait before each repetition of what the search engine was too busy for."""
OVERLOADED = (429, 503)
SUPERSEDED = 409
TOO_LARGE = 413
PARAMETERS = {"filter_path": "errors,items.*.status,items.*.error", "request_timeout": 120}


class Document(NamedTuple):
    """Be a document to be written: its full index, its JSON, and of whom and when it tells."""

    index: str
    id: str
    body: str
    scope: str
    day: int
    """Days since 1970."""


class Rejection(NamedTuple):
    """Say why the search engine did not take a document."""

    document: Document
    status: int
    reason: str


class Bulk:
    """Send documents, and count what was sent."""

    def __init__(self) -> None:
        self.documents = self.bytes = self.requests = 0
        self._client = current_search_client._get_current_object()

    def post(self, documents: Iterable[Document], version: int | None) -> Iterator[list[Rejection]]:
        """Send documents; yield for each body what the search engine rejects for good.

        ``version``: their external version; none to write only documents that are not there.
        Raises ``SearchEngineError`` when an index takes nothing, or nothing for a long time.
        """
        with ThreadPoolExecutor(1, thread_name_prefix="usage-stats-bulk") as thread:
            sending: Future[list[Rejection]] | None = None
            for some in _bodies(documents):
                if sending is not None:
                    yield sending.result()
                sending = thread.submit(self._post, some, version)
            if sending is not None:
                yield sending.result()

    def _post(self, documents: list[Document], version: int | None) -> list[Rejection]:
        """Write some documents, patiently; return what is rejected for good."""
        final: list[Rejection] = []
        for pause in (*PAUSES, None):
            rejected = self._bulk(documents, version)
            final += [one for one in rejected if one.status not in OVERLOADED]
            busy = [one for one in rejected if one.status in OVERLOADED]
            if not busy or pause is None:
                break
            documents = [one.document for one in busy]
            time.sleep(pause)
        return final + _given_up(busy)

    def _bulk(self, documents: list[Document], version: int | None) -> list[Rejection]:
        """Write documents in one request, or in several where one is too large."""
        body = "".join(_lines(documents, version)).encode()
        self.requests += 1
        try:
            answer = self._client.bulk(body=body, params=PARAMETERS)
        except search.TransportError as error:
            if error.status_code == TOO_LARGE and len(documents) > 1:
                half = len(documents) // 2
                return [
                    *self._bulk(documents[:half], version),
                    *self._bulk(documents[half:], version),
                ]
            return _all_rejected(documents, error)
        self.bytes += len(body)
        rejected = list(_rejections(documents, answer)) if answer["errors"] else []
        self.documents += len(documents) - len(rejected)
        return rejected


def is_overload(error: Exception) -> bool:
    """Tell whether the search engine had no time or memory for a request."""
    if isinstance(error, search.ConnectionTimeout):
        return True
    return isinstance(error, search.TransportError) and error.status_code in OVERLOADED


@contextmanager
def explained() -> Iterator[None]:
    """Say in a sentence what is wrong when the search engine cannot be used."""
    try:
        yield
    except search.TransportError as error:
        if is_overload(error):
            raise SearchEngineError(f"The search engine is overloaded: {error}") from error
        if isinstance(error, search.ConnectionError):
            raise SearchEngineError(f"The search engine does not answer: {error}") from error
        raise


def _bodies(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield documents in lots of about 5 MB; a larger one is alone."""
    lot: list[Document] = []
    size = 0
    for document in documents:
        if lot and size + len(document.body) > BODY:
            yield lot
            lot, size = [], 0
        lot.append(document)
        size += len(document.body)
    if lot:
        yield lot


def _lines(documents: Iterable[Document], version: int | None) -> Iterator[str]:
    """Yield the lines of a bulk body."""
    action = "create" if version is None else "index"
    options = "" if version is None else f',"version":{version},"version_type":"external_gte"'
    for document in documents:
        yield (
            f'{{"{action}":{{"_index":"{document.index}","_id":"{document.id}"{options}}}}}\n'
            f"{document.body}\n"
        )


def _rejections(documents: Iterable[Document], answer: dict[str, Any]) -> Iterator[Rejection]:
    """Yield what the search engine did not take.

    Raises ``SearchEngineError`` when an index takes nothing.
    """
    for document, item in zip(documents, answer["items"], strict=True):
        (result,) = item.values()
        if "error" not in result:
            continue
        error = result["error"]
        if error["type"] == "cluster_block_exception":
            raise _blocked(document.index, error["reason"])
        yield Rejection(document, result["status"], f"{error['type']}: {error['reason']}"[:1_000])


def _all_rejected(documents: list[Document], error: search.TransportError) -> list[Rejection]:
    """Return the documents of a request that was rejected as a whole, or raise its error."""
    if is_overload(error):
        return [Rejection(document, OVERLOADED[0], str(error)) for document in documents]
    if error.status_code == TOO_LARGE:
        return [Rejection(one, TOO_LARGE, "larger than a request may be") for one in documents]
    if "cluster_block_exception" in str(error):
        raise _blocked(documents[0].index, str(error)) from error
    raise error


def _given_up(busy: list[Rejection]) -> list[Rejection]:
    """Return what is still rejected; raise when it is not one document's fault."""
    if len(busy) > 1:
        raise SearchEngineError(
            f"The search engine is overloaded: {busy[0].reason}. The next run goes on."
        )
    return busy


def _blocked(index: str, reason: str) -> SearchEngineError:
    """Return the error that says which index takes nothing, and what to do."""
    return SearchEngineError(
        f"The index {index} is read-only: {reason} Free disk space or remove the block: "
        f'PUT /{index}/_settings {{"index.blocks.read_only_allow_delete": null, '
        '"index.blocks.read_only": null, "index.blocks.write": null}.'
    )
