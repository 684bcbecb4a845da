# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""My records: the numbers of everything that somebody owns, for them alone."""

import pytest

from ..resources.conftest import API, asking

OWNED = {"owner": ("public", "restricted"), "author": ("private",)}
METRICS = ("views", "downloads", "traffic", "records", "files", "data_volume")
PERIOD = "period=7d"


def totals(client, scope: str) -> dict[str, int]:
    """Return the numbers of a scope."""
    metrics = "&".join(f"metric={name}" for name in METRICS)
    answer = client.get(f"{API}/{scope}/totals?{PERIOD}&{metrics}")
    assert answer.status_code == 200, answer.text
    return {name: answer.json["metrics"][name]["value"] for name in METRICS}


@pytest.mark.parametrize("who", OWNED)
def test_numbers_are_the_sums_of_the_records(app, house, who):
    with asking(app, house, who) as client:
        own = totals(client, "users/me")
        each = [totals(client, f"records/{house.records[name]}") for name in OWNED[who]]
    assert own == {name: sum(one[name] for one in each) for name in METRICS}
    assert own["views"] and own["records"] == len(OWNED[who])


def test_who_owns_nothing_sees_zeros(app, house):
    with asking(app, house, "stranger") as client:
        assert set(totals(client, "users/me").values()) == {0}


def test_series_rankings_and_breakdowns(app, house):
    with asking(app, house, "owner") as client:
        own = totals(client, "users/me")
        (series,) = client.get(f"{API}/users/me/series?{PERIOD}&metric=views").json["series"]
        assert sum(point["value"] for point in series["points"]) == own["views"]
        top = client.get(f"{API}/users/me/top?{PERIOD}&dimension=records").json
        assert {row["id"] for row in top["rows"]} == {house.records[n] for n in OWNED["owner"]}
        assert sum(row["values"]["downloads"] for row in top["rows"]) == own["downloads"]
        types = client.get(f"{API}/users/me/top?{PERIOD}&dimension=resource_types").json
        assert [row["values"]["views"] for row in types["rows"]] == [own["views"]]
        countries = client.get(f"{API}/users/me/top?{PERIOD}&dimension=countries").json
        assert [row["id"] for row in countries["rows"]] == ["SE"]
        for value, count in (("resource_types:dataset", 2), ("languages:eng", 1)):
            chosen = client.get(f"{API}/users/me/totals?{PERIOD}&filter={value}&metric=records")
            # restricted records have no languages in any statistics
            assert chosen.json["metrics"]["records"]["value"] == count
        since = client.get(f"{API}/users/me/totals?period=all&metric=views").json
        assert since["metrics"]["views"]["value"] == own["views"]


def test_nothing_of_ones_own_is_withheld(app, api, house, monkeypatch):
    monkeypatch.setitem(api.config, "USAGE_STATS_MIN_CELL", 1_000)
    with asking(app, house, "author") as client:
        assert totals(client, "users/me")["views"] == 9


def test_only_for_oneself(app, house):
    mine = house.people["owner"].id
    with asking(app, house, "owner") as client:
        assert client.get(f"{API}/users/{mine}/totals").status_code == 200
    for who, status in (("anonymous", 401), ("author", 403), ("administrator", 403)):
        with asking(app, house, who) as client:
            assert client.get(f"{API}/users/{mine}/totals").status_code == status
    with asking(app, house, "anonymous") as client:
        assert client.get(f"{API}/users/me/totals").status_code == 401
        assert client.get("/me/stats").status_code == 302


def test_the_page(app, house):
    with asking(app, house, "owner") as client:
        page = client.get(f"/me/stats?{PERIOD}")
        assert page.status_code == 200
        assert "My records" in page.text and "An open paper" in page.text
        assert 'href="/me/stats"' in page.text
        assert f"/api/usage-stats/users/{house.people['owner'].id}/" in page.text
        view = client.get(f"/me/stats/view?{PERIOD}").json
        assert view["scope"]["kind"] == "user" and view["share"]["share_links"] is None
    with asking(app, house, "author") as client:
        assert "An open paper" not in client.get(f"/me/stats?{PERIOD}").text
