# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How often may be reported, who may know more, and what is kept out of logs."""

import logging

import pytest
from invenio_access.models import ActionUsers
from invenio_access.permissions import superuser_access
from invenio_app.ext import limiter
from invenio_db import db
from invenio_oauth2server.models import Token

from invenio_usage_stats.exchange.matomo.scrubbing import scrub

from ... import content
from .tracking import bulk, client, report, stored

SECRET = "s3cret-t0ken"
PAGE = {"url": "http://a.org/"}
BAD = ["?idsite=1&rec=1&url=http://a.org/", "?idsite=9&rec=1", "?idsite=1&rec=1&cid=short"]


@pytest.fixture(scope="module")
def tokens(app) -> dict[str, str]:
    """Return personal tokens of an administrator and of somebody else."""
    made = {}
    for name in ("manager", "nobody"):
        person = content.create_user(app, f"matomo-{name}")
        if name == "manager":
            db.session.add(ActionUsers.allow(superuser_access, user_id=int(person.id)))
        made[name] = Token.create_personal(name, int(person.id)).access_token
    db.session.commit()
    return made


def test_own_limits(door, monkeypatch):
    monkeypatch.setitem(door.config, "RATELIMIT_GUEST_USER", "1 per hour")
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO_RATE_LIMIT", "3 per hour")
    codes = [report(door, **PAGE, headers={"User-Agent": f"a/{n}"}).status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]
    assert int(report(door, **PAGE).headers["Retry-After"]) > 3_000
    environment = {"REMOTE_ADDR": "10.1.1.1"}
    other = client(door).get("/matomo.php?idsite=1&rec=1", environ_overrides=environment)
    assert other.status_code == 200
    environment = {"REMOTE_ADDR": "nowhere"}
    address = "/matomo.php?idsite=1&rec=1&url=http://a.org/"
    assert client(door).get(address, environ_overrides=environment).status_code == 200
    assert len(stored(5)) == 4
    limiter.storage.reset()


def test_managers_know_which_hits_were_refused(door, tokens):
    assert bulk(door, BAD, token_auth=tokens["manager"]).json["invalid_indices"] == [1, 2]
    bearer = {"Authorization": f"Bearer {tokens['manager']}"}
    assert bulk(door, BAD, bearer).json["invalid_indices"] == [1, 2]
    for token in (tokens["nobody"], SECRET, ""):
        assert "invalid_indices" not in bulk(door, BAD, token_auth=token).json
    past = {**PAGE, "idsite": 1, "rec": 1, "cdt": "2026-01-02"}
    assert bulk(door, [past], token_auth=tokens["manager"]).json["tracked"] == 1
    assert bulk(door, [past], token_auth=tokens["nobody"]).json["tracked"] == 0


def test_tokens_are_not_logged(door, caplog):
    caplog.set_level(logging.DEBUG)
    query = f"idsite=1&rec=1&token_auth={SECRET}&url=http://a.org/"
    environment: dict = {"RAW_URI": f"/matomo.php?{query}"}
    client(door).get(f"/matomo.php?{query}", environ_overrides=environment)
    client(door).post("/matomo.php", data={"token_auth": SECRET, "idsite": 1, "rec": 1})
    assert SECRET not in caplog.text
    assert SECRET not in str(stored(2))
    scrub(environment)
    assert environment["RAW_URI"] == "/matomo.php?idsite=1&rec=1&token_auth=-&url=http://a.org/"


def test_other_pages_are_not_touched(door):
    assert client(door).get("/matomo.phpx").status_code == 404
    assert client(door).get("/records/matomo.php").status_code == 404


def test_a_prefix(door, monkeypatch):
    monkeypatch.setitem(door.config, "USAGE_STATS_MATOMO_PREFIX", "/matomo/")
    assert report(door, **PAGE).status_code == 404
    assert report(door, path="/matomo/matomo.php", **PAGE).status_code == 200
    assert report(door, path="/matomo/piwik.php", **PAGE).status_code == 200
    assert len(stored(2)) == 2
