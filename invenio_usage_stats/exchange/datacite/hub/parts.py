# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The report of a month as the hub takes it: files of at most 50,000 datasets with one header.

Whether files are compressed is told by the header, and known when all datasets are written. So
these are written first, and get their header afterwards; no report is ever held in memory.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO, NamedTuple

from ...counter.months import MonthState
from ..reports.available import open_months
from ..reports.document import as_json
from ..reports.dsr import datasets, entry, header
from ..reports.remarks import COMPRESSED
from ..reports.reporter import Reporter
from ..reports.spans import whole_month
from ..reports.wanted import Wanted

MOST_DATASETS = 50_000
"""The hub takes so many in one part."""
MOST_BYTES = 10_000_000
"""The hub takes so many that are not compressed."""
UNCOMPRESSED = COMPRESSED.about("usage data needs to be uncompressed")


class Part(NamedTuple):
    """Be one file of a report."""

    number: int
    path: Path
    datasets: int
    bytes: int
    checksum: str
    """The SHA-256 of the file, by which the hub knows parts that are compressed."""


class MonthReport(NamedTuple):
    """Be the report of a month in its files; none without use."""

    state: MonthState
    reporter: Reporter
    parts: list[Part]
    compressed: bool


def write(state: MonthState, reporter: Reporter, folder: Path) -> MonthReport:
    """Write the report of a counted month into a folder."""
    bodies = list(_bodies(state, reporter, folder))
    large = sum(path.stat().st_size for path, _ in bodies) > MOST_BYTES
    compressed = len(bodies) > 1 or large
    head = as_json(month_header(state, reporter, compressed)).encode()
    parts = [
        _part(number, body, count, head, compressed)
        for number, (body, count) in enumerate(bodies, start=1)
    ]
    return MonthReport(state, reporter, parts, compressed)


def month_header(state: MonthState, reporter: Reporter, compressed: bool) -> dict[str, Any]:
    """Return the header of the parts of a month, which is the same in all of them."""
    remarks = [] if state.closed else [open_months([state.month])]
    if compressed:
        remarks.append(UNCOMPRESSED)
    return header(reporter, whole_month(state.month), remarks)


def _bodies(state: MonthState, reporter: Reporter, folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield files with the datasets of each part, and how many they are."""
    wanted = Wanted(whole_month(state.month))
    found = datasets(wanted, [state.month])
    texts = (as_json(entry(one, reporter, wanted, own=False)).encode() for one in found)
    for number, first in enumerate(texts, start=1):
        path = folder / f"{state.month}-{number}.datasets"
        with path.open("wb") as body:
            body.write(first)
            count = 1
            for text in islice(texts, MOST_DATASETS - 1):
                body.write(b"," + text)
                count += 1
        yield path, count


def _part(number: int, body: Path, count: int, head: bytes, compressed: bool) -> Part:
    """Put header and datasets together, and return the file."""
    path = body.with_suffix(".json.gz" if compressed else ".json")
    with body.open("rb") as source, _opened(path, compressed) as target:
        target.write(b'{"report-header":' + head + b',"report-datasets":[')
        copyfileobj(source, target)
        target.write(b"]}")
    body.unlink()
    with path.open("rb") as written:
        checksum = file_digest(written, "sha256").hexdigest()
    return Part(number, path, count, path.stat().st_size, checksum)


@contextmanager
def _opened(path: Path, compressed: bool) -> Iterator[BinaryIO]:
    """Open a file to be written; the same content gives the same file at any time."""
    with path.open("wb") as plain:
        if not compressed:
            yield plain
            return
        with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as packed:
            yield packed
