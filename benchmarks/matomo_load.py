# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Load for ``matomo.py``: what is reported, how it is sent, and what must become of it."""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
DOI = "10.5555/bench.{number}"
JSON = {"Content-Type": "application/json"}
VISITORS = 5_000


@dataclass
class Load:
    """Draw hits: most are downloads of records, some pages, robots, and some that are refused."""

    records: int
    chance: random.Random
    expected: Counter[str] = field(default_factory=Counter)

    def hit(self) -> tuple[dict[str, str], str]:
        """Return a hit, and what must become of it."""
        told = {"idsite": "1", "rec": "1", "_id": f"{self.chance.randrange(VISITORS):016x}"}
        kind = self.chance.random()
        if kind < 0.7:
            told["download"] = (
                f"https://doi.org/{DOI.format(number=self.chance.randrange(self.records))}"
            )
        elif kind < 0.75:
            told["download"] = f"https://doi.org/10.5281/zenodo.{self.chance.randrange(1000)}"
        else:
            told["url"] = f"https://example.org/{self.chance.randrange(1000)}"
        if kind >= 0.95:
            return {**told, "idsite": "77"}, "site"
        if kind >= 0.9:
            return {**told, "ua": GOOGLEBOT}, "robot"
        told["uadata"] = json.dumps({"brands": [{"brand": "ilastik", "version": "1.4"}]})
        return told, "stored"

    def request(self, size: int) -> tuple[str, str, bytes, Counter[str]]:
        """Return method, path and body of a request of so many hits, and what becomes of these."""
        hits = [self.hit() for _ in range(size)]
        expected = Counter(outcome for _, outcome in hits)
        if size == 1:
            return "GET", f"/matomo.php?{urlencode(hits[0][0])}", b"", expected
        queries = [f"?{urlencode(told)}" for told, _ in hits]
        return "POST", "/matomo.php", json.dumps({"requests": queries}).encode(), expected


class Senders:
    """Send the same requests over and over, on several connections, for some time."""

    def __init__(self, port: int, requests: list, seconds: float) -> None:
        self._port, self._requests = port, requests
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self.answers: Counter[int] = Counter()
        self.expected: Counter[str] = Counter()

    def run(self, connections: int) -> float:
        """Send, and return how many seconds that took."""
        started = time.monotonic()
        threads = [threading.Thread(target=self._send, args=(n,)) for n in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - started

    def _send(self, place: int) -> None:
        """Send on one connection, until the time is over."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        answers: Counter[int] = Counter()
        sent: Counter[int] = Counter()
        while time.monotonic() < self._end:
            place = (place + 7) % len(self._requests)
            method, path, body, _ = self._requests[place]
            connection.request(method, path, body, JSON if body else {})
            answer = connection.getresponse()
            answer.read()
            answers[answer.status] += 1
            if answer.status in (200, 400):
                sent[place] += 1
        with self._lock:
            self.answers += answers
            for number, times in sent.items():
                outcomes = self._requests[number][3]
                self.expected += Counter({name: n * times for name, n in outcomes.items()})


class Reader(threading.Thread):
    """Ask for a page again and again, as somebody who reads."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self._port, self._path = port, path
        self.times: list[float] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        """Ask until stopped."""
        while not self.stopped.wait(0.5):
            started = time.monotonic()
            connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
            connection.request("GET", self._path)
            assert connection.getresponse().status == 200
            connection.close()
            self.times.append(time.monotonic() - started)
