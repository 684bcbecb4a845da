# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Explanations tell of the whole repository only to those who may read its numbers."""

import pytest
from invenio_records_permissions.generators import AnyUser, AuthenticatedUser

from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy

from .conftest import API, asking


class Insiders(UsageStatsPermissionPolicy):
    """Let the numbers of the whole repository be for those who are signed in."""

    can_read_global = [AuthenticatedUser()]
    can_read_community = [AnyUser()]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_way_to_a_number_of_a_community(app, api, house, monkeypatch, form):
    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", Insiders)
    scope = f"communities/{house.communities['public']}"
    for metric in ("views", "unique_views"):
        url = f"{API}/{scope}/explain?metric={metric}&period=30d&format={form}"
        told = {}
        for who in ("anonymous", "owner"):
            with asking(app, house, who) as client:
                told[who] = client.get(url)
        assert told["anonymous"].status_code == told["owner"].status_code == 200
        assert "Events stored by the repository" in told["owner"].text
        for words in ("stored", "Robots", "API left out", "outside of a membership"):
            assert words not in told["anonymous"].text
        assert "Counted" in told["anonymous"].text
        if form == "json":
            ends = {who: answer.json["steps"][-1] for who, answer in told.items()}
            assert ends["anonymous"] == ends["owner"]


def test_the_way_to_a_number_of_a_record_is_its_own(app, api, house, monkeypatch):
    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", Insiders)
    url = f"{API}/records/{house.records['public']}/explain?metric=views&period=30d"
    with asking(app, house, "anonymous") as client:
        steps = client.get(url).json["steps"]
    assert steps[0]["value"] == steps[-1]["value"] > 0


@pytest.mark.parametrize(("country", "counted"), [("SE", True), ("NO", False)])
def test_the_way_to_a_part_of_a_record_is_its_own(app, api, house, monkeypatch, country, counted):
    monkeypatch.setitem(api.config, "USAGE_STATS_PERMISSION_POLICY", Insiders)
    url = f"{API}/records/{house.records['public']}/explain?metric=views&period=30d"
    with asking(app, house, "anonymous") as client:
        whole = client.get(url).json["steps"][-1]["value"]
        steps = client.get(f"{url}&filter=countries:{country}").json["steps"]
    (first, *rest, last) = [step["value"] for step in steps]
    assert first == whole > 0
    assert last == (whole if counted else 0)
    assert rest == [0, 0, 0, last - whole]
    assert first + sum(rest) == last
