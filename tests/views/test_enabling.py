# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switches and menus, on the pages of the whole application."""

import pytest
from invenio_access.permissions import system_identity
from invenio_communities.proxies import current_communities

from invenio_usage_stats import config
from invenio_usage_stats.views.enabling import ORDER, TEXT, menu

from ..content import create_community


def test_the_dashboard_of_the_repository_can_be_switched_off(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "STATS_DASHBOARD_ENABLED_GLOBAL", False)
    assert client.get("/stats").status_code == 404
    assert 'href="/stats"' not in client.get("/communities").text


def test_those_of_communities_can_be_switched_off(app, client, people, monkeypatch):
    id_ = create_community(people["owner"])
    community = current_communities.service.read(system_identity, id_).data["slug"]
    monkeypatch.setitem(app.config, "STATS_DASHBOARD_ENABLED_COMMUNITY", False)
    address = f"/communities/{community}/stats"
    assert client.get(address).status_code == 404
    assert f'href="{address}"' not in client.get(f"/communities/{community}/records").text
    assert client.get("/stats").status_code == 200


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Numbers", ("Numbers", "Numbers")),
        ({"global": "Numbers"}, ("Numbers", "Statistics")),
    ],
)
def test_the_text_of_menus(light_app, value, expected):
    light_app.config[TEXT] = value
    with light_app.test_request_context():
        assert tuple(str(menu(TEXT, kind)) for kind in ("global", "community")) == expected


def test_the_order_of_menus(light_app):
    light_app.config[ORDER] = 7
    with light_app.app_context():
        assert menu(ORDER, "community") == 7
    light_app.config[ORDER] = {"community": 3}
    with light_app.app_context():
        assert menu(ORDER, "community") == 3
        assert menu(ORDER, "global") == config.STATS_DASHBOARD_MENU_ORDER["global"]
