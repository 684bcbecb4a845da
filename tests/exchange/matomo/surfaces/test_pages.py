# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reported downloads on pages, cards and in files; and nothing of them where they are off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from invenio_access.permissions import system_identity
from invenio_rdm_records.proxies import current_rdm_records_service as records
from openpyxl import load_workbook

from invenio_usage_stats.aggregations.reports import REPORTED as METRIC
from invenio_usage_stats.aggregations.reports import SOFTWARE
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.exchange.matomo.consumers import checked, register, remove
from invenio_usage_stats.views.layouts.checking import problems

from ....oracle.reports import Reported
from ....resources.conftest import API, asking, house  # noqa: F401
from ....world import forget_world, wipe
from .stored import index_reports, switched

TITLE = "Ilastik, the toolkit"


@pytest.fixture(scope="module", autouse=True)
def reported(app, api, house) -> Iterator[None]:  # noqa: F811
    """Let software report records of the house, and count it."""
    at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    found = []
    for number, recid in enumerate(house.records.values(), start=1):
        work = records.read(system_identity, recid).data["parent"]["id"]
        found += [Reported(at, work, recid, "ilastik")] * (2 * number)
        found += [Reported(at, work, None, "deepimagej")] * number
    register(checked("ilastik", TITLE, "", ["ilastik"]))
    with switched(True, app, api):
        index_reports(found)
        aggregate()
        yield
    remove("ilastik")
    forget_world()
    wipe()


def panels(view: dict) -> list[dict]:
    """Return the panels of a page."""
    return [panel for row in view["rows"] for panel in row["panels"]]


def names(view: dict) -> set[str]:
    """Return the names of the panels of a page."""
    return {panel["name"] for panel in panels(view)}


def table(view: dict) -> dict[str, int]:
    """Return the rows of the table of software."""
    (found,) = [panel for panel in panels(view) if panel["name"] == SOFTWARE.component]
    return {row["label"]: row["cells"][0]["value"] for row in found["rows"]}


def test_dashboards_have_a_table_of_software(app, house):  # noqa: F811
    community, recid = house.communities["public"], house.records["public"]
    pages = {
        "/stats/view?tab=usage": {TITLE: 12, "deepimagej": 6},
        f"/communities/{community}/stats/view?tab=usage": {TITLE: 6, "deepimagej": 3},
        f"/records/{recid}/stats/view": {TITLE: 2},
        f"/records/{recid}/stats/view?level=parent": {TITLE: 2, "deepimagej": 1},
    }
    with asking(app, house, "administrator") as client:
        for page, known in pages.items():
            view = client.get(page).json
            assert table(view) == known
            (card,) = [panel for panel in panels(view) if panel.get("metric") == METRIC.id]
            assert card["value"] == sum(known.values())


def test_a_page_that_is_filtered_by_software_says_what_is_not_known(app, house):  # noqa: F811
    asked = {"tab": "usage", "filter": f"{SOFTWARE.id}:ilastik"}
    with asking(app, house, "administrator") as client:
        page = client.get("/stats", query_string=asked)
        view = client.get("/stats/view", query_string=asked).json
    assert page.status_code == 200 and TITLE in page.text
    cards = {panel["metric"]: panel for panel in panels(view) if panel["kind"] == "card"}
    assert cards[METRIC.id]["value"] == 12
    assert cards["views"]["value"] is None and "software" in cards["views"]["why"]


def test_the_card_of_a_record_has_them_if_there_are_any(app, house):  # noqa: F811
    recid = house.records["public"]
    with asking(app, house, "administrator") as client:
        assert str(METRIC.label) in client.get(f"/records/{recid}/stats/card").text


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_answers_and_files_of_the_api(app, house, kind):  # noqa: F811
    community = house.communities["public"]
    with asking(app, house, "owner") as client:
        address = f"{API}/communities/{community}"
        totals = client.get(f"{address}/totals", query_string={"format": kind, "period": "all"})
        asked = {"format": kind, "dimension": SOFTWARE.id}
        top = client.get(f"{address}/top", query_string=asked)
        ranked = client.get(
            f"{address}/top", query_string={"dimension": "records", "metric": METRIC.id}
        )
    assert totals.status_code == top.status_code == 200
    assert [row["values"][METRIC.id] for row in ranked.json["rows"]] == [4, 2]
    if kind == "json":
        assert totals.json["metrics"][METRIC.id]["value"] == 9
        assert {row["label"]: row["values"][METRIC.id] for row in top.json["rows"]} == {
            TITLE: 6,
            "deepimagej": 3,
        }
    elif kind == "csv":
        assert any(METRIC.id in line and ",9" in line for line in totals.text.splitlines())
        assert any(TITLE in line and ",6" in line for line in top.text.splitlines())
    else:
        assert {9, METRIC.id} <= _cells(totals.data)
        assert {6, TITLE} <= _cells(top.data)


def _cells(data: bytes) -> set:
    """Return what stands in a workbook."""
    sheets = load_workbook(BytesIO(data)).worksheets
    return {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}


def test_nothing_of_it_is_there_where_it_is_off(app, api, house):  # noqa: F811
    for one in (app, api):
        assert METRIC.id in one.extensions["invenio-usage-stats"].catalog.metrics
    with switched(False, app, api), asking(app, house, "administrator") as client:
        schema = client.get(f"{API}/global/schema").json
        assert METRIC.id not in {metric["id"] for metric in schema["metrics"]}
        assert SOFTWARE.id not in {dimension["id"] for dimension in schema["dimensions"]}
        assert METRIC.id not in client.get(f"{API}/global/totals").json["metrics"]
        refused = client.get(f"{API}/global/top", query_string={"dimension": SOFTWARE.id})
        assert refused.status_code == 400
        view = client.get("/stats/view", query_string={"tab": "usage"}).json
        assert not {METRIC.component, SOFTWARE.component} & names(view)
        recid = house.records["public"]
        assert str(METRIC.label) not in client.get(f"/records/{recid}/stats/card").text
        assert problems() == []
