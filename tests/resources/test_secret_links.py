# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whoever has the secret link of a record may read its numbers, as the record itself."""

from datetime import timedelta

import pytest
from invenio_access.permissions import system_identity
from invenio_rdm_records.proxies import current_rdm_records_service as records

from .. import content
from .conftest import API, asking


@pytest.fixture
def token(house) -> str:
    """Return the token of a link to the closed record."""
    recid = house.records["private"]
    link = records.access.create_secret_link(system_identity, recid, {"permission": "view"})
    content.refresh_all()
    return link.data["token"]


def test_numbers_are_as_visible_as_the_record(app, house, token):
    recid = house.records["private"]
    for path in ("api/records", "api/usage-stats/records"):
        end = "/totals" if path.endswith("stats/records") else ""
        with asking(app, house, "anonymous") as client:
            assert client.get(f"/{path}/{recid}{end}").status_code in (401, 403)
            assert client.get(f"/{path}/{recid}{end}?token={token}").status_code == 200
            assert client.get(f"/{path}/{recid}{end}").status_code == 200


def test_a_wrong_token_opens_nothing(app, house, token):
    url = f"{API}/records/{house.records['private']}/totals"
    with asking(app, house, "anonymous") as client:
        assert client.get(f"{url}?token={token}x").status_code == 401
        assert client.get(f"{API}/global/totals?token=x").status_code == 200


def test_links_of_an_answer_keep_the_token(app, house, token):
    url = f"{API}/records/{house.records['private']}/totals?token={token}"
    with asking(app, house, "anonymous") as client:
        links = client.get(url).json["links"]
    with asking(app, house, "anonymous") as client:
        for name in ("self", "csv", "xlsx"):
            assert client.get(links[name].removeprefix("http://localhost")).status_code == 200


def test_what_a_secret_link_shows_is_kept_by_nobody_else(app, api, house, token, monkeypatch):
    monkeypatch.setitem(api.config, "USAGE_STATS_PUBLIC_CACHE", timedelta(hours=1))
    url = f"{API}/global/top?dimension=records&metric=views"
    with asking(app, house, "anonymous") as client:
        before = client.get(url)
    with asking(app, house, "anonymous") as client:
        after = client.get(f"{url}&token={token}")
        kept = client.get(url)
    for answer in (after, kept):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["ETag"] != before.headers["ETag"]
    assert before.headers["Cache-Control"] == "public, max-age=3600"
