# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who may read the numbers of communities, by setting: by GET, by POST, and as a page."""

import pytest

from .conftest import API, WHO, asking

SETTING = "USAGE_STATS_COMMUNITY_READERS"
INSIDE = {"manager", "owner", "administrator"}


@pytest.mark.parametrize(
    ("readers", "name", "allowed"),
    [
        ("readers", "public", set(WHO)),
        ("members", "public", {"owner", "administrator"}),
        ("managers", "public", {"owner", "administrator"}),
        ("readers", "restricted", {*INSIDE, "member"}),
        ("members", "restricted", {*INSIDE, "member"}),
        ("managers", "restricted", INSIDE),
    ],
)
def test_who_may_read_the_numbers_of_a_community(
    app, api, house, monkeypatch, readers, name, allowed
):
    for application in (app, api):
        monkeypatch.setitem(application.config, SETTING, readers)
    id_ = house.communities[name]
    query = {"stat": "community-usage-delta", "params": {"community_id": id_}}
    for who in WHO:
        with asking(app, house, who) as client:
            found = {
                "GET": client.get(f"{API}/communities/{id_}/totals").status_code,
                "POST": client.post("/api/stats", json={"q": query}).status_code,
                "page": client.get(f"/communities/{id_}/stats").status_code,
            }
        api_status = 200 if who in allowed else 401 if who == "anonymous" else 403
        page_status = 302 if api_status == 401 else api_status
        assert found == {"GET": api_status, "POST": api_status, "page": page_status}, who
