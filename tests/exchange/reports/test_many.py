# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A million rows are made while they are sent: they need less than 200 MB."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from invenio_access.permissions import system_identity
from invenio_db import db
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_search import current_search_client
from invenio_search.engine import search

from invenio_usage_stats.aggregations.base import new_work
from invenio_usage_stats.aggregations.columns import Columns
from invenio_usage_stats.aggregations.running.leases import hold, next_token
from invenio_usage_stats.aggregations.sheets.sheet import CELLS, LINES, TIMES, Lines
from invenio_usage_stats.aggregations.sheets.spans import year_of
from invenio_usage_stats.aggregations.sheets.store import SheetWriter
from invenio_usage_stats.aggregations.sheets.times import Times
from invenio_usage_stats.exchange.reports.asked import Asked
from invenio_usage_stats.exchange.reports.report import Report, ReportCSV, ReportJSON, ReportXLSX
from invenio_usage_stats.exchange.reports.totals.row import COLUMNS
from invenio_usage_stats.exchange.reports.totals.rows import rows
from invenio_usage_stats.indices import SHEETS, full_name, refresh
from invenio_usage_stats.proxies import current_usage_stats

from ...resources.test_memory import peak
from ...world import forget_world, wipe

MANY = 1_000_000
MOST = 200 << 20
YEAR = year_of(date(2025, 1, 1))
START = 1_735_689_600
"""When the year begins, in seconds since 1970."""
LEDGER = sa.text(
    "INSERT INTO usage_stats_records (uuid, recid, parent_uuid, parent_recid, created, drafted) "
    "SELECT gen_random_uuid(), 'r' || n, gen_random_uuid(), 'p' || n, '2024-01-01', '2024-01-01' "
    "FROM generate_series(1, :many) AS n"
)


@pytest.fixture(scope="module")
def crowd(app) -> Iterator[None]:
    """Store a year in which a million records were used, each with a file."""
    wipe()
    forget_world()
    with db.engine.begin() as connection:
        connection.execute(LEDGER, {"many": MANY})
    _index()
    columns = Columns(current_usage_stats.catalog)
    with hold("test") as lease:
        token = next_token()
        writer = SheetWriter(columns, "2026-01-01T00:00:00", token)
        documents = writer.documents("global", YEAR, _sections(columns))
        new_work(lease).writer.send(documents, token, SHEETS.name)
    refresh(SHEETS.target)
    yield
    gone = (
        {"_op_type": "delete", "_index": _index_name(), "_id": f"r{n}"} for n in range(1, MANY + 1)
    )
    search.helpers.bulk(current_search_client, gone, chunk_size=5_000)
    wipe()


def _index_name() -> str:
    """Return the index of the repository's records."""
    return full_name(records.record_cls.index._name)


def _index() -> None:
    """Let the repository have as many records, with the fields that reports ask for."""
    actions = (
        {
            "_index": _index_name(),
            "_id": f"r{n}",
            "_source": {
                "id": f"r{n}",
                "created": "2024-01-01T00:00:00",
                "is_published": True,
                "deletion_status": "P",
                "access": {"record": "public", "files": "public", "status": "open"},
                "metadata": {"title": f"The measurements of station {n}, revised"},
                "parent": {"id": f"p{n}", "access": {"owned_by": {"user": "1"}}},
            },
        }
        for n in range(1, MANY + 1)
    )
    search.helpers.bulk(current_search_client, actions, chunk_size=5_000)
    refresh(full_name("rdmrecords*"))


def _sections(columns: Columns) -> dict[str, bytes]:
    """Return the sections of the year."""
    encode, each = msgspec.msgpack.encode, range(MANY)
    lines = Lines(
        records=[1] * MANY,
        parents=[0] * MANY,
        facts=[1] * MANY,
        views=[n % 5_000 for n in each],
        unique_views=[n % 5_000 for n in each],
        files_per_line=[1] * MANY,
        files=[(n * 6_364_136_223_846_793_005 + 1) % (1 << 63) for n in each],
        downloads=[1 + n * 7 % 9_000 for n in each],
        unique_downloads=[1] * MANY,
        volume=[1_000_003 * n for n in each],
    )
    views = [START + 17 * n if n % 5_000 else 0 for n in each]
    lengths = [n % 100_000 if n % 5_000 else 0 for n in each]
    times = Times(views, lengths, [START + 30 * n for n in each])
    total = encode(([""], [[1] for _ in columns.metrics]))
    return {LINES: encode(lines), TIMES: encode(times), CELLS: total}


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="there is no /proc")
@pytest.mark.parametrize(
    ("kind", "form"),
    [("records", ReportCSV), ("records", ReportXLSX), ("files", ReportCSV), ("files", ReportJSON)],
)
def test_a_million_rows(app, crowd, kind, form):
    asked = Asked.read((kind,), {"since": "2025-01-01", "until": "2025-12-31"})
    Path("/proc/self/clear_refs").write_text("5")
    before, size, count = peak(), 0, 0
    report = Report("metrics", COLUMNS, rows(system_identity, asked), asked)
    for piece in form().serialize_object(report):
        size += len(piece)
        count += piece.count(b"\r\n") if form is ReportCSV else piece.count(b'"type":')
    assert peak() - before < MOST
    assert count == {ReportCSV: MANY + 1, ReportJSON: MANY, ReportXLSX: count}[form]
    assert size > 20 * MANY
