# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Asking the demo over HTTP, as anybody may, no faster than it allows."""

import csv
import io
import time
from collections import Counter
from datetime import date, timedelta
from typing import Any

import urllib3

from .drawing import Question
from .expecting import Line

API = "/api/usage-stats"
TOO_MANY = 429
DAYS = 60
"""As many daily documents are asked for at once."""
USAGE_DELTA = "community-usage-delta"
FILES = {"files": "file_count", "data_volume": "data_volume"}
USAGE_FIELDS = {
    "views": ("view", "total_events"),
    "unique_views": ("view", "unique_views"),
    "view_visitors": ("view", "unique_visitors"),
    "viewed_records": ("view", "unique_records"),
    "viewed_parents": ("view", "unique_parents"),
    "downloads": ("download", "total_events"),
    "unique_downloads": ("download", "unique_downloads"),
    "download_visitors": ("download", "unique_visitors"),
    "downloaded_records": ("download", "unique_records"),
    "downloaded_parents": ("download", "unique_parents"),
    "downloaded_files": ("download", "unique_files"),
    "traffic": ("download", "total_volume"),
}
"""Where daily documents have the metrics of usage."""


class Demo:
    """Ask the demo."""

    def __init__(self, url: str, http: Any = None) -> None:
        """Take where it is, and what asks it as a pool of connections does."""
        self.url, self.http = url, http or urllib3.PoolManager()
        self.requests: Counter[str] = Counter()
        self._days: dict[tuple[str, str, date], dict[str, int]] = {}

    def _ask(self, method: str, path: str, **given: Any) -> urllib3.BaseHTTPResponse:
        """Return a response; wait where there were too many requests."""
        while True:
            response = self.http.request(method, self.url + path, timeout=300, **given)
            self.requests[str(response.status)] += 1
            if response.status != TOO_MANY:
                return response
            time.sleep(int(response.headers.get("Retry-After", 10)) + 1)

    def get(self, path: str, fields: list[tuple[str, str]] | None = None) -> dict[str, Any]:
        """Return an answer as JSON; what is no answer says its status and message."""
        response = self._ask("GET", path, fields=fields or [])
        assert response.status == 200, f"{response.status} {response.data.decode()[:300]}"
        return response.json()

    def answer(self, question: Question) -> dict[str, Any]:
        """Return the answer of a question; that of a series with the points of all its pages."""
        path = f"{API}/{question.path}/{question.kind}"
        answer = self.get(path, question.parameters)
        for page in range(2, answer.get("pages", 1) + 1):
            more = self.get(path, [*question.parameters, ("page", str(page))])
            for one, other in zip(answer["series"], more["series"], strict=True):
                one["points"] += other["points"]
        return answer

    def export(self, question: Question) -> list[Line]:
        """Return the lines of a question's CSV, without a limit of rows."""
        fields = [pair for pair in question.parameters if pair[0] != "size"]
        fields.append(("format", "csv"))
        path = f"{API}/{question.path}/{question.kind}"
        response = self._ask("GET", path, fields=fields)
        assert response.status == 200, f"{response.status} {response.data.decode()[:300]}"
        rows = csv.DictReader(io.StringIO(response.data.decode(), newline=""))
        return [
            Line(row["date"], row["metric"], row["id"], int(row["value"]) if row["value"] else None)
            for row in rows
            if "." not in row["metric"]  # what stands beside the numbers
        ]

    def communities(self) -> list[str]:
        """Return the ids of all communities that everybody may see."""
        hits = self.get("/api/communities", [("size", "100")])["hits"]["hits"]
        return sorted(hit["id"] for hit in hits)

    # daily documents

    def _documents(self, stat: str, scope: str, since: date, until: date) -> list[dict[str, Any]]:
        """Return the documents of some days."""
        bounds = {"start_date": str(since), "end_date": str(until)}
        body = {"asked": {"stat": stat, "params": {"community_id": scope, **bounds}}}
        response = self._ask("POST", "/api/stats", json=body)
        assert response.status == 200, f"{response.status} {response.data.decode()[:300]}"
        return response.json()["asked"]

    def day(self, stat: str, scope: str, day: date) -> dict[str, int]:
        """Return the metrics that the document of a day has; many days are asked for at once."""
        if (stat, scope, day) not in self._days:
            since = date.fromordinal(day.toordinal() // DAYS * DAYS)
            until = since + timedelta(days=DAYS - 1)
            numbers = usage_of if stat == USAGE_DELTA else changes_of
            for n, document in enumerate(self._documents(stat, scope, since, until)):
                self._days[stat, scope, since + timedelta(days=n)] = numbers(document)
        return self._days[stat, scope, day]

    def holdings(self, basis: str, scope: str, day: date) -> dict[str, int]:
        """Return the metrics of records that the snapshot of a day has."""
        stat = f"community-record-snapshot-{basis}"
        if (stat, scope, day) not in self._days:
            (document,) = self._documents(stat, scope, day, day)
            self._days[stat, scope, day] = holdings_of(document)
        return self._days[stat, scope, day]


def usage_of(document: dict[str, Any]) -> dict[str, int]:
    """Return the metrics of usage."""
    return {m: document["totals"][kind][name] for m, (kind, name) in USAGE_FIELDS.items()}


def changes_of(document: dict[str, Any]) -> dict[str, int]:
    """Return by how much the metrics of records grew."""
    files = document["files"]
    return {
        **{m: document[f"{m}_added"] - document[f"{m}_removed"] for m in ("records", "parents")},
        **{m: files["added"][name] - files["removed"][name] for m, name in FILES.items()},
    }


def holdings_of(document: dict[str, Any]) -> dict[str, int]:
    """Return the metrics of records."""
    return {
        **{m: sum(document[f"total_{m}"].values()) for m in ("records", "parents")},
        **{m: document["total_files"][name] for m, name in FILES.items()},
        "uploaders": document["total_uploaders"],
    }


def lines_of(question: Question, answer: dict[str, Any]) -> list[Line]:
    """Return the lines of an answer in JSON."""
    until = answer["period"]["until"]
    if question.kind == "totals":
        return [Line(until, m, "", total["value"]) for m, total in answer["metrics"].items()]
    if question.kind == "top":
        rows = answer["rows"]
        return [Line(until, m, row["id"], v) for row in rows for m, v in row["values"].items()]
    if question.kind == "snapshot":
        parts = [("", answer["metrics"])]
        parts += [(p["id"], p["values"]) for some in answer["dimensions"].values() for p in some]
        return [Line(answer["date"], m, id_, v) for id_, row in parts for m, v in row.items()]
    return [
        Line(point["date"], one["metric"], one["id"] or "", point["value"])
        for one in answer["series"]
        for point in one["points"]
    ]
