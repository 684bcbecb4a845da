# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Files hold all that was asked for, and the same numbers as the answers."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from urllib.parse import parse_qsl

import pytest
from openpyxl import load_workbook
from werkzeug.datastructures import MultiDict

from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import today
from invenio_usage_stats.services.paging import most_rows
from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy
from invenio_usage_stats.services.query import Query

from .conftest import API, asking

MOST_BYTES = 50_000


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


def shown(numbers: dict) -> dict[str, str]:
    """Return the numbers of a point as files show them."""
    return {name: "" if n is None else str(n) for name, n in numbers.items() if name != "date"}


def pages(ask, path: str) -> Iterator[dict]:
    """Yield the answers of all pages, as their links lead to them."""
    url = path
    while url:
        response = ask(url)
        assert len(response.data) <= MOST_BYTES
        yield response.json
        url = response.json["links"].get("next", "").partition(API)[2].lstrip("/")


def test_ten_years_of_days(ask, house):
    since = today() - timedelta(days=3652)
    path = f"communities/{house.communities['public']}/series"
    path += f"?metric=views,downloads&interval=day&since={since}"
    points = {
        (one["metric"], point["date"]): point["value"]
        for answer in pages(ask, path)
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


@pytest.mark.parametrize("more", ["", "&compare=year", "&cumulative=true", "&compare=previous"])
def test_pages_of_series_are_the_series(ask, app, house, more):
    """Every metric on every day: pages that fit together, and files that are never cut."""
    service = current_usage_stats.service
    metrics = list(service.catalog.metrics)
    since = today() - timedelta(days=800)
    community = house.communities["public"]
    question = f"metric={','.join(metrics)}&interval=day&since={since}{more}"
    path = f"communities/{community}/series?{question}"
    joined, numbers = {}, []
    for answer in pages(ask, path):
        numbers.append((answer["page"], answer["pages"]))
        assert "paged" in {note["code"] for note in answer["notes"]}
        for one in answer["series"]:
            for kind in ("points", "compared"):
                joined.setdefault((one["metric"], kind), []).extend(one[kind] or ())
    assert numbers == [(n, len(numbers)) for n in range(1, len(numbers) + 1)]
    assert len(numbers) > 5
    query = Query.read(MultiDict(parse_qsl(question)), service.catalog)
    whole = service.series(house.people["owner"].identity, f"communities/{community}", query)
    for one in whole.to_dict()["series"]:
        assert joined[one["metric"], "points"] == one["points"]
        assert joined[one["metric"], "compared"] == (one["compared"] or [])
    lines = lines_of(ask(f"{path}&format=csv"))
    assert {(line["metric"], line["date"], line["value"]) for line in lines} == {
        (f"{name}.{kind}.{part}".replace(".points", "").replace(".value", ""), point["date"], text)
        for (name, kind), points in joined.items()
        for point in points
        for part, text in shown(point).items()
    }


def test_a_page_that_there_is_not(ask, house):
    response = ask("global/series?metric=views&period=30d&page=2")
    assert response.status_code == 400
    assert "page: 2 is not one of the 1 there are." in response.json["message"]


@pytest.mark.parametrize("dimension", ["countries", "resource_types"])
@pytest.mark.parametrize("metric", ["views", "viewed_records"])
def test_streams_of_values_have_what_answers_have(ask, house, dimension, metric):
    path = f"global/series?metric={metric}&interval=day&period=9m&dimension={dimension}"
    points = {
        (one["id"], point["date"]): point["value"]
        for answer in pages(ask, f"{path}&size=100")
        for one in answer["series"]
        for point in one["points"]
    }
    lines = lines_of(ask(f"{path}&format=csv"))
    assert {(line["id"], line["date"]): int(line["value"]) for line in lines} == points
    assert len(points) > 200


def test_no_answer_is_large(ask, house, monkeypatch):
    """The largest questions: all metrics, compared, as many rows as may be asked for."""
    catalog = current_usage_stats.catalog
    usage = ",".join(m.id for m in catalog.metrics.values() if m.family == "usage")
    every = ",".join(catalog.metrics)
    for question in (
        f"totals?metric={every}&compare=year",
        f"series?metric={every}&interval=day&period=10y",
        f"series?metric={every}&interval=day&period=10y&compare=year",
        "series?metric=views&dimension=countries&interval=day&period=10y&size=100",
        f"top?dimension=countries&metric={usage}&size=100&compare=year",
        "snapshot?size=100",
        f"snapshot?size=100&dimension=countries&metric={usage}",
        "schema",
    ):
        assert len(ask(f"global/{question}").data) <= MOST_BYTES, question


def test_pages_of_rankings_are_as_large_as_answers_may_be():
    for metrics, compare in ((1, None), (3, None), (14, "year")):
        query = Query(compare=compare)
        change = {"value": 10**12, "change": -(10**12), "relative": -0.123456}
        row = {
            "id": "i" * 36,
            "label": "l" * 100,
            "link": "https://repository.example/communities/" + "i" * 36,
            "share": 0.123456,
            "values": {f"unique_downloads_{n}": 10**12 for n in range(metrics)},
        }
        if compare:
            row["compared"] = dict.fromkeys(row["values"], change)
        assert most_rows(metrics, query) * len(json.dumps(row)) <= MOST_BYTES


def test_files_have_as_many_rows_as_are_asked_for(ask, house):
    path = (
        f"communities/{house.communities['public']}/top?metric=views&dimension=records&format=csv"
    )

    def ids(more: str = "") -> list[str]:
        lines = lines_of(ask(f"{path}{more}"))
        assert {line["metric"] for line in lines} == {"views", "views.share"}
        return [line["id"] for line in lines if line["metric"] == "views"]

    rows = ids()
    assert len(rows) == len(house.readable)
    assert ids("&size=1") == rows[:1]
    assert ids("&size=1&page=2") == rows[1:2]
    assert ids("&page=2") == rows


def test_links_to_files_lead_to_everything(ask, house):
    path = f"communities/{house.communities['public']}/top?metric=views&dimension=records&size=1"
    assert len(ask(path).json["rows"]) == 1
    assert ask(path).json["links"]["next"].endswith("size=1&page=2")
    lines = lines_of(ask(ask(path).json["links"]["csv"].partition(API)[2].lstrip("/")))
    assert {line["id"] for line in lines} == set(house.readable)


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
