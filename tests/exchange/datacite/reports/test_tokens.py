# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tokens of the hub: which are good, and that they stay secret."""

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from invenio_usage_stats import config
from invenio_usage_stats.errors import HubError
from invenio_usage_stats.exchange.datacite.hub import client, sent

from .delivering import DAY, LOOKING, TOKEN, deliver
from .loopback import token


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "no JSON web token"),
        ("not.a.token", "no JSON web token"),
        (token(exp=int(time.time()) - DAY), "expired"),
    ],
    ids=["none", "strange", "expired"],
)
def test_what_cannot_work_is_not_tried(app, counted, hub, monkeypatch, value, text):
    monkeypatch.setitem(app.config, TOKEN, value)
    with pytest.raises(HubError, match=text):
        deliver()
    assert hub.requests == []


@pytest.mark.parametrize(
    "value",
    [
        token(key=rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        token(role="user"),
        token(client_id=None),
        jwt.encode({"client_id": "test.library", "role_id": "client_admin"}, "x" * 32),
    ],
    ids=["forged", "role", "client", "algorithm"],
)
def test_the_hub_refuses_tokens(app, counted, hub, monkeypatch, value):
    monkeypatch.setitem(app.config, TOKEN, value)
    with pytest.raises(HubError, match="401"):
        deliver()
    assert hub.reports == []


def test_tokens_stay_secret(app, counted, hub, caplog):
    with caplog.at_level("DEBUG"):
        hub.faults = [*LOOKING, 500]
        deliver()
    value = app.config[TOKEN]
    assert value not in caplog.text
    assert value not in str(sent.last_attempts(10))


@pytest.mark.parametrize("url", ["http://api.datacite.org", "ftp://127.0.0.2", "nowhere"])
def test_nobody_overhears_tokens(app, counted, hub, monkeypatch, url):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER_HUB_URL", url)
    with pytest.raises(HubError, match="https"):
        deliver()


def test_the_hub_of_datacite_is_the_default():
    url = config.USAGE_STATS_COUNTER_HUB_URL
    assert client.checked_url(url) == "https://api.datacite.org"
