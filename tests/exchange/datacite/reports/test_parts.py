# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Files of reports at the limits of the hub; their datasets are made here, one after the other."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from datetime import datetime

import pytest

from invenio_usage_stats.exchange.counter.months import MonthState
from invenio_usage_stats.exchange.datacite.hub import parts
from invenio_usage_stats.exchange.datacite.hub.parts import MonthReport, write
from invenio_usage_stats.exchange.datacite.records import Work
from invenio_usage_stats.exchange.datacite.reports.dsr import Dataset
from invenio_usage_stats.exchange.datacite.reports.reporter import Reporter

from .counted import usage
from .schemas import HUB_REPORT, problems

MONTH = "2026-01"
STATE = MonthState(MONTH, 1, True, "2026-01", datetime(2026, 2, 6))
WORK = Work("", "", "", "", "A title", (), "Press", "2020-06-01", 2020, "1", "dataset", "", "")
MEGABYTE = 1_000_000


@pytest.fixture
def written(app, tmp_path, monkeypatch):
    """Return a function that writes a report with some datasets."""

    def of(count: int) -> MonthReport:
        monkeypatch.setattr(parts, "datasets", lambda *_arguments: _datasets(count))
        return write(STATE, Reporter("A library", "test.library"), tmp_path)

    return of


def _datasets(count: int) -> Iterator[Dataset]:
    used = [usage(MONTH, "any", (4, 3, 2, 1), (4, 3, 2, 1))]
    return (Dataset(WORK._replace(doi=f"10.5072/{n}"), used) for n in range(count))


def _read(part) -> dict:
    body = part.path.read_bytes()
    return json.loads(gzip.decompress(body) if part.path.suffix == ".gz" else body)


def test_50_000_datasets_fit_into_a_part_and_one_more_does_not(written):
    report = written(50_001)
    assert report.compressed
    assert [part.datasets for part in report.parts] == [50_000, 1]
    first, second = map(_read, report.parts)
    assert [len(one["report-datasets"]) for one in (first, second)] == [50_000, 1]
    assert first["report-header"] == second["report-header"]
    assert not problems(HUB_REPORT, second)
    dois = [d["dataset-id"][0]["value"] for one in (first, second) for d in one["report-datasets"]]
    assert dois == [f"10.5072/{n}" for n in range(50_001)]


def test_what_is_above_10_megabytes_is_compressed(written):
    one = written(1).parts[0].bytes
    many = written(10 * MEGABYTE // one)
    assert not many.compressed
    assert 5 * MEGABYTE < many.parts[0].bytes < 10 * MEGABYTE
    more = written(2 * len(_read(many.parts[0])["report-datasets"]))
    assert (more.compressed, len(more.parts)) == (True, 1)
    assert more.parts[0].bytes < MEGABYTE
    codes = [one["code"] for one in _read(more.parts[0])["report-header"]["exceptions"]]
    assert codes == [69]


def test_the_same_report_is_the_same_file(written, tmp_path):
    first, second = (written(60_000).parts for _ in range(2))
    assert [part.checksum for part in first] == [part.checksum for part in second]
    assert {path.suffix for path in tmp_path.iterdir()} == {".gz"}


def test_memory_does_not_grow_with_the_report(written):
    peaks = []
    for count in (1_000, 20_000):
        tracemalloc.start()
        report = written(count)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sum(part.datasets for part in report.parts) == count
    assert peaks[1] < peaks[0] + MEGABYTE


def test_nothing_is_written_without_use(written, tmp_path):
    assert written(0).parts == []
    assert list(tmp_path.iterdir()) == []
