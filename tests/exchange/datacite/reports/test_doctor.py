# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the doctor says of sending."""

import time

import pytest

from invenio_usage_stats.errors import HubError
from invenio_usage_stats.operations.doctor import CHECKS

from .delivering import DAY, JANUARY, LOOKING, TOKEN, deliver
from .loopback import token


def finding():
    return CHECKS["hub"]()


def test_is_well_without_sending(app, counted, hub, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER_SEND", False)
    assert finding().state == "reports are not sent"


def test_is_well_when_all_was_sent(counted, hub):
    deliver()
    assert finding().ok
    assert finding().state == "all closed months were sent"


def test_months_that_were_not_tried_yet_are_no_matter(counted, hub):
    assert finding().ok


def test_a_month_that_failed(counted, hub):
    hub.faults = [*LOOKING, 422]
    with pytest.raises(HubError):
        deliver()
    assert finding().state == f"could not be sent: {JANUARY}"
    assert "The hub answered 422" in finding().advice
    deliver()
    assert finding().ok


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "no JSON web token"),
        (token(exp=int(time.time()) - DAY), "expired on"),
        (token(exp=int(time.time()) + 20 * DAY), "the token expires on"),
    ],
    ids=["none", "expired", "expiring"],
)
def test_tokens(app, counted, hub, monkeypatch, value, text):
    monkeypatch.setitem(app.config, TOKEN, value)
    assert text in finding().state
    assert finding().advice


def test_a_token_that_is_valid_for_long(app, counted, hub, monkeypatch):
    value = token(exp=int(time.time()) + 40 * DAY)
    monkeypatch.setitem(app.config, TOKEN, value)
    assert finding().ok
