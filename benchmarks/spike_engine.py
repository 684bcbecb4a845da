# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The search engine of the spike about sheets, and what is measured with it."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import msgspec
from opensearchpy import OpenSearch, TransportError

CLUSTER = "sheets-spike"
RETRIES = 30
BODY = 5 * 1024 * 1024
SETTINGS = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "codec": "best_compression",
    "refresh_interval": "-1",
}
BINARY = {"type": "binary"}
KEY = {"type": "keyword"}
FIELDS = {
    "scope": KEY,
    "month": KEY,
    "data": BINARY,
    "head": BINARY,
    "days": BINARY,
    "cells": {"type": "object", "enabled": False},
    "parts": {"type": "object", "enabled": False},
    "totals": {"properties": {"views": {"type": "long"}, "downloads": {"type": "long"}}},
}
Action = tuple[str, dict[str, Any]]


class Cost(NamedTuple):
    """Say what one run took, in seconds."""

    wall: float
    client: float
    server: float

    def __str__(self) -> str:
        """Return wall, client and server CPU in milliseconds."""
        return " / ".join(f"{1000 * value:,.0f}" for value in self)


class Engine:
    """Write to and read from a search engine of our own."""

    def __init__(self, url: str) -> None:
        """Connect; refuse any other cluster."""
        self.client = OpenSearch(url, timeout=300)
        name = self.client.info()["cluster_name"]
        if name != CLUSTER:
            raise SystemExit(f"{url} is the cluster {name!r}; this needs its own, {CLUSTER!r}")
        nodes = self.client.nodes.info(metric="process")["nodes"]
        self.pid = next(iter(nodes.values()))["process"]["id"]

    def create(self, index: str) -> None:
        """Make an empty index."""
        self.client.indices.delete(index=index, ignore=[404])
        mappings = {"dynamic": "strict", "properties": FIELDS}
        self.client.indices.create(
            index=index, body={"settings": {"index": SETTINGS}, "mappings": mappings}
        )

    def write(self, index: str, actions: Iterable[Action]) -> int:
        """Write documents in bodies of 5 MB; return the bytes sent."""
        return self.send(bodies(index, actions))

    def send(self, parts: Iterable[bytes]) -> int:
        """Send bulk bodies; return their bytes."""
        size = 0
        for body in parts:
            if self._bulk(body)["errors"]:
                raise SystemExit("the search engine rejected documents")
            size += len(body)
        return size

    def _bulk(self, body: bytes) -> dict[str, Any]:
        """Send one body; wait and repeat when the engine is short of memory."""
        for _ in range(RETRIES):
            try:
                return self.client.bulk(body=body, params={"filter_path": "errors"})
            except TransportError as error:
                if error.status_code != 429:
                    raise
                time.sleep(1)
        raise SystemExit("the search engine stays short of memory")

    def size(self, index: str) -> int:
        """Return the bytes on disk after merging to one segment."""
        self.client.indices.refresh(index=index)
        self.client.indices.forcemerge(index=index, params={"max_num_segments": 1})
        self.client.indices.flush(index=index, params={"force": "true"})
        stats = self.client.indices.stats(index=index, metric="store")
        return stats["_all"]["primaries"]["store"]["size_in_bytes"]

    def get(self, index: str, ids: list[str]) -> dict[str, dict[str, Any]]:
        """Return documents by id; missing ones are left out."""
        docs = self.client.mget(index=index, body={"ids": ids})["docs"]
        return {doc["_id"]: doc["_source"] for doc in docs if doc["found"]}

    def cpu(self) -> float:
        """Return the CPU seconds that the search engine, on this machine, has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def cost(self, run: Callable[[], Any], repeat: int = 5) -> Cost:
        """Return the medians of several runs."""
        costs = [self._once(run) for _ in range(repeat)]
        return Cost(*(median(values) for values in zip(*costs, strict=True)))

    def _once(self, run: Callable[[], Any]) -> Cost:
        """Run once."""
        server, wall, client = self.cpu(), time.perf_counter(), time.process_time()
        run()
        wall, client = time.perf_counter() - wall, time.process_time() - client
        return Cost(wall, client, self.cpu() - server)


def bodies(index: str, actions: Iterable[Action]) -> Iterator[bytes]:
    """Yield bulk bodies."""
    lines: list[bytes] = []
    size = 0
    for id_, source in actions:
        line = msgspec.json.encode({"index": {"_index": index, "_id": id_}})
        lines += [line, msgspec.json.encode(source)]
        size += len(lines[-1])
        if size > BODY:
            yield b"\n".join(lines) + b"\n"
            lines, size = [], 0
    if lines:
        yield b"\n".join(lines) + b"\n"
