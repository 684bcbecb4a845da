# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Lists on pages: of what the reader may see, and of nothing else."""

import json

import pytest

from ..resources.conftest import SECRET, asking, house  # noqa: F401
from .conftest import panels


def view_of(app, house, who, path):  # noqa: F811
    """Return what somebody is shown."""
    with asking(app, house, who) as client:
        return client.get(path).json


def rows_of(view, dimension):
    """Return the rows of the first table of a list."""
    return next(t for t in panels(view, "table") if t["dimension"] == dimension)["rows"]


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_outsiders_see_nothing_of_what_is_restricted(app, house, who):  # noqa: F811
    for tab in ("overview", "content", "usage", "audience", "records"):
        assert SECRET not in json.dumps(view_of(app, house, who, f"/stats/view?tab={tab}"))
    for name in ("records", "communities"):
        whole = view_of(app, house, who, f"/stats/view?table={name}")
        assert SECRET not in json.dumps(whole)
        assert panels(whole, "table")[0]["pager"]["text"] == "1 to 1 of 1"


def test_records_lead_to_their_pages_and_rank_by_each_metric(app, house):  # noqa: F811
    view = view_of(app, house, "owner", "/stats/view?tab=records")
    tables = [t for t in panels(view, "table") if t["dimension"] == "records"]
    assert [table["columns"][0]["id"] for table in tables] == ["views", "downloads", "traffic"]
    first, second = rows_of(view, "records")
    assert first["label"] == f"A {SECRET} paper"
    assert first["cells"][0]["value"] == 2 * second["cells"][0]["value"]
    assert first["cells"][0]["bar"] == 100
    assert second["link"]["href"].endswith(f"/records/{house.records['public']}")
    assert first["href"] is None


def test_communities_are_listed_for_the_repository_only(app, house):  # noqa: F811
    view = view_of(app, house, "anonymous", "/stats/view?tab=records")
    assert [row["label"] for row in rows_of(view, "communities")] == ["Open house"]
    path = f"/communities/{house.communities['public']}/stats/view?tab=records"
    inside = view_of(app, house, "anonymous", path)
    assert {t["dimension"] for t in panels(inside, "table")} == {"records", "subcommunities"}


def test_a_filter_reaches_the_lists(app, house):  # noqa: F811
    path = "/stats/view?tab=records&filter=keywords:open-keyword"
    (row,) = rows_of(view_of(app, house, "owner", path), "records")
    assert row["label"] == "An open paper"
