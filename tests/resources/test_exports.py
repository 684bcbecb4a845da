# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Files hold all that was asked for, and the same numbers as the answers."""

import csv
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from invenio_usage_stats.reader.periods import today
from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy

from .conftest import API, asking


@pytest.fixture
def ask(app, house):
    """Return a function that asks for an address as the owner."""
    with asking(app, house, "owner") as client:
        yield lambda path, **kwargs: client.get(f"{API}/{path}", **kwargs)


def lines_of(response) -> list[dict[str, str]]:
    """Return the lines of a CSV file."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(StringIO(response.text, newline=""), strict=True))


def rows_of(response, sheet: str) -> list[dict]:
    """Return the rows of a sheet of an XLSX file."""
    assert response.status_code == 200
    header, *rows = load_workbook(BytesIO(response.data))[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_ten_years_of_days(ask, house):
    since = today() - timedelta(days=3652)
    path = f"communities/{house.communities['public']}/series"
    path += f"?metric=views,downloads&interval=day&since={since}"
    answer = ask(path).json
    points = {
        (one["metric"], point["date"]): point["value"]
        for one in answer["series"]
        for point in one["points"]
    }
    lines = lines_of(ask(f"{path}&format=csv"))
    assert {(line["metric"], line["date"]): int(line["value"]) for line in lines} == points
    assert len(lines) == len(points) == 2 * 3653
    assert sum(points.values()) > 0
    rows = rows_of(ask(f"{path}&format=xlsx"), "series")
    assert {(r["metric"], r["date"].date().isoformat()): r["value"] for r in rows} == points
    assert {type(row["date"]) for row in rows} == {datetime}
    assert {row["unit"] for row in rows} == {"events"}


def test_files_have_all_rows_whatever_the_page(ask, house):
    path = f"communities/{house.communities['public']}/top?metric=views&dimension=records&size=1"
    assert len(ask(path).json["rows"]) == 1
    assert ask(path).json["links"]["next"].endswith("size=1&page=2")
    lines = lines_of(ask(f"{path}&page=2&format=csv"))
    assert {line["id"] for line in lines} == set(house.records.values())
    found = ask(ask(path).json["links"]["csv"].partition(API)[2].lstrip("/"))
    assert lines_of(found) == lines


def test_every_answer_can_be_a_file(ask, house):
    for question in ("totals", "snapshot", "explain?metric=views", "series?interval=month"):
        sign = "&" if "?" in question else "?"
        lines = lines_of(ask(f"global/{question}{sign}format=csv"))
        assert lines
        for line in lines:
            date.fromisoformat(line["date"])
            assert line["scope"] == "global"


def test_files_have_names(ask, house):
    response = ask("global/totals?since=2026-01-01&until=2026-01-31&format=csv")
    name = "repository-totals-2026-01-01-2026-01-31.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_who_may_take_files_away_is_a_matter_of_policy(ask, api, monkeypatch):
    class Policy(UsageStatsPermissionPolicy):
        can_export = []

    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", Policy)
    assert ask("global/totals").status_code == 200
    for form in ("csv", "xlsx"):
        assert ask(f"global/totals?format={form}").status_code == 403


def test_answers_are_small(ask, house):
    community = f"communities/{house.communities['public']}"
    for question in ("totals?compare=year", "series?interval=day&metric=views", "schema"):
        assert len(ask(f"{community}/{question}").data) <= 50_000
