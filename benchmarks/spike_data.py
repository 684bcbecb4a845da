# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Synthetic repository and usage for the spike about sheets; seeded, drawn with numpy.

Counts of a day are drawn per record and then added up per scope and value, so all sums agree.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

METRICS = (
    *("views", "unique_views", "view_visitors", "viewed_records", "viewed_parents"),
    *("downloads", "unique_downloads", "download_visitors", "downloaded_records"),
    *("downloaded_parents", "downloaded_files", "traffic"),
    *("new_viewed_records", "new_viewed_parents", "new_downloaded_records"),
    *("new_downloaded_parents", "new_downloaded_files"),
)
ADDITIVE = (0, 1, 2, 5, 6, 7, 11)

# dimension: (different values, values per record, text of a value)
DIMENSIONS = {
    "resource_types": (30, 1, "type-{}"),
    "access_rights": (4, 1, "access-{}"),
    "languages": (100, 1, "l{:02}"),
    "licenses": (50, 1, "cc-by-{}"),
    "file_types": (60, 2, "ext{}"),
    "affiliations": (20_000, 6, "https://ror.org/0{:08x}"),
    "funders": (3_000, 1, "https://ror.org/1{:08x}"),
    "awards": (30_000, 1, "00k4n6c32::{:09}"),
    "subjects": (20_000, 4, "http://id.nlm.nih.gov/mesh/D{:06}"),
    "keywords": (300_000, 5, "keyword number {}"),
    "publishers": (5_000, 1, "Publisher {} Press"),
    "periodicals": (8_000, 1, "Journal of Studies {}"),
}
COUNTRIES, REFERRERS = 120, 500
EVENT_DIMENSIONS = {"countries": "C{:02}", "referrers": "www.site-{}.example.org"}
NAMES = (*DIMENSIONS, *EVENT_DIMENSIONS)
GLOBAL = 0
"""Scope number of the whole repository; community n has rank n."""


@dataclass(frozen=True)
class Size:
    """Say how large the synthetic repository is."""

    events: int
    records: int
    communities: int
    days: int = 30

    @classmethod
    def scaled(cls, scale: float) -> "Size":
        """Return the size to design for, or a part of it."""
        return cls(int(274_000 * scale), int(500_000 * scale), int(10_000 * scale))


class Rows(NamedTuple):
    """Hold a day's counts: one row per record, file 0 for everything that is not a download."""

    record: np.ndarray
    counts: np.ndarray
    """One line per metric."""


class Day(NamedTuple):
    """Hold one day: counts by record, by (record, country), (record, referrer), (record, file)."""

    by_record: Rows
    by_event: dict[str, tuple[Rows, np.ndarray]]
    by_file: tuple[np.ndarray, np.ndarray, np.ndarray]
    """Record, file number within the record, downloads."""


def zipf(rng: np.random.Generator, size: int, count: int, power: float = 1.0) -> np.ndarray:
    """Return draws of 0..size-1, small numbers most."""
    weights = np.cumsum(np.arange(1, size + 1, dtype=float) ** -power)
    return np.searchsorted(weights / weights[-1], rng.random(count)).astype(np.int64)


class World:
    """Hold records, their communities and their facts."""

    def __init__(self, size: Size, seed: int = 1) -> None:
        """Draw the repository."""
        self.size, self.rng = size, np.random.default_rng(seed)
        count = size.records
        self.ordinal = self.rng.permutation(count) + 1
        """Ordinal of the record with a rank of popularity."""
        self.first = zipf(self.rng, size.communities, count) + 1
        second = zipf(self.rng, size.communities, count) + 1
        lone = (self.rng.random(count) < 0.7) | (second == self.first)
        self.second = np.where(lone, 0, second)
        self.lead = self.rng.random(count) < 0.85
        self.files = 1 + zipf(self.rng, 20, count, 1.5)
        self.bytes = self.rng.integers(10_000, 2_000_000_000, count)
        self.edited = np.flatnonzero(self.rng.random(count) < 0.1)
        """Records whose facts were stored again, after all others."""
        self.facts = self.ordinal.copy()
        self.facts[self.edited] = count + 1 + np.arange(len(self.edited))
        self.values = {name: self._draw(*spec[:2]) for name, spec in DIMENSIONS.items()}
        expected = 365 * size.events / np.arange(1, count + 1) / np.log(count)
        self.seen = self.rng.random(count) < 1 - np.exp(-expected)

    def _draw(self, size: int, each: int) -> np.ndarray:
        """Return values per record; half of them are typical of the record's community."""
        shape = (self.size.records, each)
        total = shape[0] * each
        common = zipf(self.rng, size, total).reshape(shape)
        own = zipf(self.rng, min(size, 200), total).reshape(shape)
        own = (own + self.first[:, None] * 7_919) % size
        values = np.where(self.rng.random(shape) < 0.5, common, own)
        return np.where(self._repeats(values), -1, values)

    @staticmethod
    def _repeats(values: np.ndarray) -> np.ndarray:
        """Mark values that stand earlier in the same record."""
        marks = np.zeros(values.shape, bool)
        for right in range(1, values.shape[1]):
            for left in range(right):
                marks[:, right] |= values[:, right] == values[:, left]
        return marks

    @property
    def records_of_facts(self) -> np.ndarray:
        """Return the record of each stored facts, in the order of their numbers."""
        return np.r_[np.argsort(self.ordinal), self.edited]

    def day(self) -> Day:
        """Draw one day of usage."""
        total, rng = self.size.events, self.rng
        record = zipf(rng, self.size.records, total)
        download = rng.random(total) < 0.35
        events = {
            "countries": zipf(rng, COUNTRIES, total),
            "referrers": zipf(rng, REFERRERS, total, 1.3),
        }
        file = (rng.random(total) * self.files[record] * (rng.random(total) < 0.3)).astype(int)
        rows = self._rows(record, download)
        self.seen[rows.record] = True
        by_event = {name: self._by_event(record, v, download) for name, v in events.items()}
        return Day(rows, by_event, self._by_file(record[download], file[download]))

    def _by_event(
        self, record: np.ndarray, value: np.ndarray, download: np.ndarray
    ) -> tuple[Rows, np.ndarray]:
        """Return counts per record and value of the event."""
        rows = self._rows(record * 1_000 + value, download, 1_000)
        return Rows(rows.record // 1_000, rows.counts), rows.record % 1_000

    def _by_file(self, record: np.ndarray, file: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return downloads per record and file."""
        keys, counts = np.unique(record * 100 + file, return_counts=True)
        return keys // 100, keys % 100, counts

    def _rows(self, keys: np.ndarray, download: np.ndarray, per_record: int = 1) -> Rows:
        """Count events by key, and derive the other metrics from views and downloads."""
        found, inverse = np.unique(keys, return_inverse=True)
        views = np.bincount(inverse, ~download, len(found)).astype(np.int64)
        downloads = np.bincount(inverse, download, len(found)).astype(np.int64)
        return Rows(found, self._metrics(found // per_record, views, downloads))

    def _metrics(self, record: np.ndarray, views: np.ndarray, downloads: np.ndarray) -> np.ndarray:
        """Return a line of numbers for every metric."""
        lead, new = self.lead[record], ~self.seen[record]
        unique_views, unique_downloads = views - views // 8, downloads - downloads // 6
        viewed, downloaded = (views > 0).astype(np.int64), (downloads > 0).astype(np.int64)
        files = np.minimum(downloads, self.files[record])
        volume = downloads * self.bytes[record]
        view = (views, unique_views, unique_views - unique_views // 10, viewed, viewed * lead)
        load = (downloads, unique_downloads, unique_downloads - unique_downloads // 10)
        load += (downloaded, downloaded * lead, files, volume)
        fresh = (viewed * new, viewed * lead * new, downloaded * new, downloaded * lead * new)
        return np.stack([*view, *load, *fresh, files * new])
