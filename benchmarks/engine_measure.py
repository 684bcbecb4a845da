# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a run costs: time, processor time of client and search engine, requests and bytes."""

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from invenio_search import current_search_client
from opensearchpy.connection.http_urllib3 import Urllib3HttpConnection

TICKS = os.sysconf("SC_CLK_TCK")
QUIET_SECONDS = 0.4
"""How long the search engine must be idle before a run begins, and after it has ended."""
QUIET_SHARE = 0.08
PATIENCE = 30.0


class Cost(NamedTuple):
    """Say what one run took, in seconds."""

    wall: float
    client: float
    server: float

    @property
    def cpu(self) -> float:
        """Return the processor time of both sides."""
        return self.client + self.server

    def __str__(self) -> str:
        """Return wall, client and server in milliseconds."""
        return " / ".join(f"{1000 * value:,.0f}" for value in self)


class Call(NamedTuple):
    """Be one request to the search engine."""

    method: str
    path: str
    sent: int
    received: int


class Traffic:
    """Hold the requests of a run, and the bulk bodies when they are to be kept."""

    def __init__(self, keep: bool) -> None:
        self.keep = keep
        self.calls: list[Call] = []
        self.bodies: list[bytes] = []

    def add(self, method: str, path: str, body: Any, answer: str) -> None:
        """Count one request."""
        data = body.encode() if isinstance(body, str) else body or b""
        self.calls.append(Call(method, path, len(data), len(answer)))
        if self.keep and path.endswith("_bulk"):
            self.bodies.append(data)

    @property
    def requests(self) -> int:
        """Return how many requests there were."""
        return len(self.calls)

    @property
    def written(self) -> int:
        """Return the bytes of all bulk bodies."""
        return sum(call.sent for call in self.calls if call.path.endswith("_bulk"))

    @property
    def bulks(self) -> int:
        """Return how many bulk bodies were sent."""
        return sum(call.path.endswith("_bulk") for call in self.calls)


@contextmanager
def watched(keep: bool = False) -> Iterator[Traffic]:
    """Count what any thread of this process asks of the search engine; ``keep``: bulk bodies."""
    traffic, original = Traffic(keep), Urllib3HttpConnection.perform_request

    def perform(
        self: Any,
        method: str,
        url: str,
        params: Any = None,
        body: Any = None,
        *args: Any,
        **kw: Any,
    ) -> Any:
        status, headers, answer = original(self, method, url, params, body, *args, **kw)
        traffic.add(method, url, body, answer)
        return status, headers, answer

    Urllib3HttpConnection.perform_request = perform
    try:
        yield traffic
    finally:
        Urllib3HttpConnection.perform_request = original


class Variant(NamedTuple):
    """Be one way to do something: what comes before each run, unmeasured, and the run.

    ``times``: how often it is done in one run; what takes little is measured better so.
    """

    run: Callable[[], Any]
    prepare: Callable[[], Any] = lambda: None
    times: int = 1


class Stopwatch:
    """Measure runs of this process together with the search engine on this machine."""

    def __init__(self) -> None:
        """Find the process of the search engine; it must be one node, on this machine."""
        nodes = current_search_client.nodes.info(metric="process")["nodes"]
        pids = [node["process"]["id"] for node in nodes.values()]
        self._stat = Path(f"/proc/{pids[0]}/stat")
        if len(pids) != 1 or not self._stat.exists():
            raise SystemExit("The search engine must be a single node on this machine.")

    def server(self) -> float:
        """Return the processor seconds that the search engine has used so far."""
        fields = self._stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def wait(self) -> None:
        """Wait until the search engine has nothing left to do, merging included."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            before = self.server()
            time.sleep(QUIET_SECONDS)
            if self.server() - before <= QUIET_SHARE * QUIET_SECONDS:
                return

    def once(self, variant: Variant) -> Cost:
        """Measure one run; what the search engine still does afterwards counts as its time."""
        variant.prepare()
        gc.collect()
        self.wait()
        server, wall, client = self.server(), time.perf_counter(), time.process_time()
        for _ in range(variant.times):
            variant.run()
        wall, client = time.perf_counter() - wall, time.process_time() - client
        self.wait()
        whole = (wall, client, self.server() - server)
        return Cost(*(value / variant.times for value in whole))

    def interleaved(self, variants: dict[str, Variant], runs: int) -> dict[str, list[Cost]]:
        """Return the costs of variants that take turns, after one turn that does not count."""
        costs: dict[str, list[Cost]] = {name: [] for name in variants}
        for variant in variants.values():
            variant.prepare()
            variant.run()
        for _ in range(runs):
            for name, variant in variants.items():
                costs[name].append(self.once(variant))
        return costs


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the medians of several runs."""
    return Cost(*(median(values) for values in zip(*costs, strict=True)))


class Ratio(NamedTuple):
    """Be the median of ratios, each within one turn, with the least and the largest."""

    value: float
    low: float
    high: float


def ratio(above: Sequence[float], below: Sequence[float]) -> Ratio:
    """Return the ratio of two series, turn by turn."""
    found = [a / b if b else float("inf") for a, b in zip(above, below, strict=True)]
    return Ratio(median(found), min(found), max(found))
