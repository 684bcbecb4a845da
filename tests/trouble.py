# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What can go wrong around a run, made to happen on the real servers."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flask import current_app
from invenio_search import current_search_client


def together(action: Callable[[], object]) -> None:
    """Do something in two threads at the same time."""
    app, barrier = current_app._get_current_object(), threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            barrier.wait()
            action()

    with ThreadPoolExecutor(2) as threads:
        for future in [threads.submit(work) for _ in range(2)]:
            future.result()


@contextmanager
def unreachable() -> Iterator[None]:
    """Let the search client talk to a port where nothing listens."""
    transport = current_search_client.transport
    hosts, retries = transport.hosts, transport.max_retries
    transport.max_retries = 0
    transport.set_connections([{"host": "127.0.0.1", "port": 9}])
    try:
        yield
    finally:
        transport.max_retries = retries
        transport.set_connections(hosts)


@contextmanager
def silent(patience: float = 0.5) -> Iterator[None]:
    """Let the search client talk to a port that never answers, and wait for some seconds."""
    transport = current_search_client.transport
    hosts = transport.hosts
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        transport.set_connections([{"host": "127.0.0.1", "port": port, "timeout": patience}])
        try:
            yield
        finally:
            transport.set_connections(hosts)


def block(index: str, name: str, blocked: bool | None = True) -> None:
    """Set a block of an index that need not exist; none lifts it."""
    body = {f"index.blocks.{name}": blocked}
    current_search_client.indices.put_settings(index=index, body=body, ignore=[404])


@contextmanager
def blocked(index: str, name: str = "read_only_allow_delete") -> Iterator[None]:
    """Make an index refuse writes, by default as a full disk does."""
    block(index, name)
    try:
        yield
    finally:
        block(index, name, None)


@contextmanager
def picky(index: str) -> Iterator[None]:
    """Make an index that takes documents of the scope ``global`` only, and delete it afterwards."""
    indices = current_search_client.indices
    indices.delete(index=index, ignore=[404])
    properties = {
        "community_id": {"type": "keyword", "copy_to": "picky"},
        "picky": {"type": "constant_keyword", "value": "global"},
    }
    indices.create(index=index, body={"mappings": {"properties": properties}})
    try:
        yield
    finally:
        indices.delete(index=index)


@contextmanager
def narrow(index: str) -> Iterator[None]:
    """Make an index refuse queries for more than one value of a field."""
    key = "index.max_terms_count"
    current_search_client.indices.put_settings(index=index, body={key: 1})
    try:
        yield
    finally:
        current_search_client.indices.put_settings(index=index, body={key: None})
