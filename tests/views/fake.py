# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A service of made-up numbers, for pages without a search engine."""

from datetime import UTC, date, datetime

from invenio_usage_stats.catalog import DIMENSIONS, METRICS, Catalog
from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.reader.periods import bucket_start
from invenio_usage_stats.services.parts import Breakdown, Point, Row
from invenio_usage_stats.services.results import Total

FIRST = date(2024, 3, 12)
NUMBERS = {"records": 600, "views": 12_345, "downloads": 7_654}


class FakeService:
    """Answer as the service does, and remember which questions were asked."""

    def __init__(self, first=FIRST):
        self.catalog = Catalog(METRICS, DIMENSIONS)
        self.first = first
        self.asked = []

    def first_day(self, scope):
        return self.first

    def as_of(self):
        return datetime(2026, 11, 21, 1, 0, tzinfo=UTC)

    def numbers(self, scope, period):
        self.period = period
        return self

    def totals(self, ids):
        if ids:
            self.asked.append("totals")
        return {id_: self._total(self.catalog.metrics[id_]) for id_ in ids}

    @staticmethod
    def _total(metric):
        value = 1_234_567_890 if metric.unit == "bytes" else NUMBERS.get(metric.id, 77)
        flow = {"added": 12, "removed": 3} if metric.family == "records" else {}
        return Total(metric.unit, value, **flow)

    def series(self, ids, interval):
        self.asked.append("series")
        return {id_: self._series(id_, self.period, interval) for id_ in ids}

    def _series(self, id_, period, interval):
        if self.catalog.metrics[id_].distinct:
            raise InvalidQueryError("metric", f"{id_} cannot be added up over days.")
        start = len(id_)
        days = sorted({bucket_start(day, interval) for day in period.days()})
        return [
            Point(max(day, period.since), (start + 7 * n) % 23 - (3 if id_ == "records" else 0))
            for n, day in enumerate(days)
        ]

    def breakdowns(self, size, dimensions):
        self.asked.append("breakdowns")
        return [self._breakdown(dimension, size) for dimension in dimensions]

    def _breakdown(self, dimension, size):
        ids = ["records"] if "records" in dimension.families else []
        ids += ["views", "downloads"] if "usage" in dimension.families else []
        rows = [
            Row(f"v{n}", {"en": f"Value {n}", "de": f"Wert {n}"}, self._part(ids, n + 2))
            for n in range(12)
        ]
        return Breakdown(
            dimension=dimension,
            metrics=tuple(self.catalog.metrics[id_] for id_ in ids),
            rows=rows[:size],
            count=len(rows),
            missing=self._part(ids, 10),
            totals=self._part(ids, 1),
        )

    @staticmethod
    def _part(ids, divisor):
        return {id_: NUMBERS[id_] // divisor for id_ in ids}
