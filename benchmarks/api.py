# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Measure the API of a repository that runs, against its bars; see docs/benchmarks.md.

Requests take turns on one connection, after a turn that does not count; no answer is kept.
``python benchmarks/api.py http://127.0.0.1:5000 --community physics-lab``
"""

import argparse
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

API = "/api/usage-stats"
YEAR, DECADE = "12m", "10y"
BARS = {YEAR: 150, DECADE: 300}
"""Milliseconds in which 95 of 100 answers must be there."""
START_BAR = 1000
"""Milliseconds in which the first request after a restart is answered, and a file begins."""
FILES = {
    "all metrics": "series?metric={metrics}&",
    "countries": "series?metric=views&dimension=countries&",
    "top records": "top?dimension=records&metric=views,downloads&",
}
"""Files of ten years of days."""
FILE_RUNS = 3
SAME_BAR = 1.5
"""How many times the repository's own answer about a community a 304 may take."""
SIZE_BAR = 50
"""How many kB an answer may have; files may have any number."""
COMMON = {
    "totals": "totals?",
    "compare": "totals?compare=year&",
    "series": "series?metric=views,downloads&",
    "series by day": "series?metric=views&interval=day&",
}
QUESTIONS = {
    **COMMON,
    "series of records": "series?metric=records,files,data_volume&",
    "one type": "totals?metric=views,downloads,records&filter=resource_types:{type}&",
    "two properties": "totals?metric=views,records&filter=resource_types:{type}&{other}&",
    "top": "top?dimension=countries&metric=views&",
    "top records": "top?dimension=records&metric=views&",
    "top records compared": "top?dimension=records&metric=views&compare=previous&",
}
OF_KIND = {
    "community": QUESTIONS,
    "global": {
        **QUESTIONS,
        "top communities": "top?dimension=communities&metric=views&",
        "top communities by records viewed": "top?dimension=communities&metric=viewed_records&",
    },
    "record": {
        **COMMON,
        "all versions": "series?metric=views&level=parent&",
        "files": "top?dimension=files&",
    },
}
"""What is asked of each scope."""
HEADER = ("what", "median ms", "p95 ms", "bar", "", "kB", "")


@dataclass
class Line:
    """Be one line of the results."""

    what: str
    median: float
    p95: float
    bar: float | None
    size: float
    size_bar: float | None = None

    @property
    def held(self) -> str:
        """Tell whether the bar was held."""
        return verdict(self.p95, self.bar)

    @property
    def small(self) -> str:
        """Tell whether the answer was small enough."""
        return verdict(self.size, self.size_bar)


def verdict(number: float, bar: float | None) -> str:
    """Tell whether a number is within its bar, if it has one."""
    return "" if bar is None else "yes" if number <= bar else "NO"


class Server:
    """Ask a server on one connection."""

    def __init__(self, url: str, token: str | None) -> None:
        parts = urlsplit(url)
        if parts.scheme == "https":
            trust = ssl._create_unverified_context()
            self.connection: HTTPConnection = HTTPSConnection(parts.netloc, context=trust)
        else:
            self.connection = HTTPConnection(parts.netloc)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, path: str, tag: str | None = None) -> tuple[float, HTTPResponse, bytes]:
        """Return the milliseconds that an answer takes, and the answer."""
        headers = {**self.headers, **({"If-None-Match": tag} if tag else {})}
        start = time.perf_counter()
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        return (time.perf_counter() - start) * 1000, response, body

    def receive(self, path: str) -> tuple[float, float, int]:
        """Return the milliseconds until a file begins and until it ends, and its bytes."""
        start = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        size = len(response.read(1))
        began = time.perf_counter() - start
        while piece := response.read(1 << 16):
            size += len(piece)
        if response.status != 200:
            raise SystemExit(f"{path} answers {response.status}.")
        return began * 1000, (time.perf_counter() - start) * 1000, size


def first(server: Server, path: str) -> Iterator[Line]:
    """Yield the very first request: after a restart it finds nothing warmed up."""
    took, response, body = server.ask(path)
    if response.status != 200:
        raise SystemExit(f"{path} answers {response.status}: {body[:200]!r}")
    yield Line("first request", took, took, START_BAR, len(body) / 1000, SIZE_BAR)


def files(server: Server, scopes: dict[str, str], runs: int) -> Iterator[Line]:
    """Yield how soon files of ten years of days begin, and how long they take."""
    schema = json.loads(server.ask(f"{API}/global/schema")[2])
    metrics = ",".join(metric["id"] for metric in schema["metrics"])
    for (scope, path), (name, question) in product(scopes.items(), FILES.items()):
        asked = question.format(metrics=metrics) + f"period={DECADE}&format=csv"
        if question.startswith("series"):
            asked += "&interval=day"
        times = [server.receive(f"{API}/{path}/{asked}") for _ in range(runs)]
        size = times[0][2] / 1000
        begins, ends = ([took[n] for took in times] for n in (0, 1))
        what = f"{name}, {scope}, {DECADE} by day, CSV"
        yield Line(f"{what}: first byte", median(begins), max(begins), START_BAR, size)
        yield Line(f"{what}: all of it", median(ends), max(ends), None, size)


def measure(server: Server, paths: dict[str, str], runs: int, *, same: bool) -> dict[str, list]:
    """Return the milliseconds of each path, in turns; ``same``: the reader has the answers."""
    tags, times = {}, {name: [] for name in paths}
    for name, path in paths.items():
        _, response, body = server.ask(path)
        if response.status != 200:
            raise SystemExit(f"{path} answers {response.status}: {body[:200]!r}")
        tags[name] = response.headers["ETag"] if same and path.startswith(API) else None
    for _ in range(runs):
        for name, path in paths.items():
            took, response, _ = server.ask(path, tags[name])
            if response.status != (304 if tags[name] else 200):
                raise SystemExit(f"{path} answers {response.status}.")
            times[name].append(took)
    return times


def p95(times: list[float]) -> float:
    """Return what 95 of 100 times are below."""
    return quantiles(times, n=20)[-1]


def most(server: Server, path: str, dimension: str) -> str:
    """Return what has most views in a scope."""
    asked = f"{API}/{path}/top?dimension={dimension}&metric=views&size=1&period={YEAR}"
    rows = json.loads(server.ask(asked)[2])["rows"]
    if not rows:
        raise SystemExit(f"{asked} has no rows.")
    return rows[0]["id"]


def questions(server: Server, scope: str, path: str) -> dict[str, str]:
    """Return the questions of a scope by name; their filters choose what is used most there."""
    if scope == "record":
        return OF_KIND[scope]
    other = f"filter=languages:{most(server, path, 'languages')}"
    values = {"type": most(server, path, "resource_types"), "other": other}
    return {name: question.format(**values) for name, question in OF_KIND[scope].items()}


def answers(server: Server, scopes: dict[str, str], runs: int) -> Iterator[Line]:
    """Yield the questions of each scope, over a year and over ten."""
    for (scope, path), period in product(scopes.items(), BARS):
        asked = questions(server, scope, path)
        paths = {n: f"{API}/{path}/{q}period={period}" for n, q in asked.items()}
        found = measure(server, paths, runs, same=False)
        for name, times in found.items():
            size = len(server.ask(paths[name])[2]) / 1000
            what = f"{name}, {scope}, {period}"
            yield Line(what, median(times), p95(times), BARS[period], size, SIZE_BAR)


def repeated(server: Server, scopes: dict[str, str], community: str, runs: int) -> Iterator[Line]:
    """Yield repeated questions beside the repository's own answer about a community."""
    own = "GET /api/communities/<id>"
    paths = {f"304, {s}": f"{API}/{p}/totals?period={YEAR}" for s, p in scopes.items()}
    found = measure(server, {own: f"/api/communities/{community}", **paths}, runs, same=True)
    least = p95(found[own])
    for name, times in found.items():
        bar = None if name == own else SAME_BAR * least
        yield Line(name, median(times), p95(times), bar, 0.0)


def table(lines: list[Line]) -> str:
    """Return the results as Markdown."""
    rows = [
        (
            line.what,
            f"{line.median:.1f}",
            f"{line.p95:.1f}",
            f"{line.bar:.0f}" if line.bar else "",
            line.held,
            f"{line.size:.1f}",
            line.small,
        )
        for line in lines
    ]
    cells = [HEADER, tuple("---" for _ in HEADER), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def main() -> None:
    """Measure, print the table and, where that is wished, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="where the repository is")
    parser.add_argument("--community", required=True, help="id or slug, best the largest")
    parser.add_argument("--record", help="id; without it the one that is viewed most")
    parser.add_argument("--token", help="an access token of a reader")
    parser.add_argument("--requests", type=int, default=100, help="of each kind")
    parser.add_argument("--json", type=Path, help="write the results as JSON")
    given = parser.parse_args()
    server = Server(given.url, given.token)
    scopes = {"community": f"communities/{given.community}", "global": "global"}
    lines = list(first(server, f"{API}/{scopes['community']}/totals?period={YEAR}"))
    record = given.record or most(server, scopes["community"], "records")
    lines += answers(server, {**scopes, "record": f"records/{record}"}, given.requests)
    lines += files(server, scopes, FILE_RUNS)
    lines += repeated(server, scopes, given.community, given.requests)
    print(table(lines))
    if given.json:
        given.json.write_text(json.dumps([asdict(line) for line in lines], indent=1))


if __name__ == "__main__":
    main()
