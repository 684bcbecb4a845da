# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Content security policies: what browsers refuse of ours under those that sites have."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from invenio_app.config import APP_DEFAULT_SECURE_HEADERS as STRICT

from .. import content
from .nodes import as_person, reported

pytestmark = pytest.mark.browser
POLICY = re.compile(r'"content_security_policy": ({.*?})', re.DOTALL)
SITE = Path(__file__).parents[2] / "scripts/instance/invenio.cfg.in"


@pytest.fixture
def send(app, monkeypatch):
    """Return a function that lets the application send a policy."""
    talisman = app.extensions["invenio-app"].talisman
    return lambda parts: monkeypatch.setattr(talisman, "content_security_policy", parts)


@pytest.fixture(scope="module")
def record(app, people) -> str:
    """Return the address of a record."""
    return f"/records/{content.publish(people['uploader'], {'a.txt': b'a'})}"


def keys(page: dict[str, Any]) -> set[tuple[str, ...]]:
    """Return what a browser refused on a page, without where it was asked for."""
    return {(one["directive"], one["blocked"], one["element"]) for one in page["refused"]}


def test_under_the_policy_of_a_site_everything_works(
    app, server, community, record, people, send, monkeypatch
):
    monkeypatch.setitem(app.config, "USAGE_STATS_EMBED_ENABLED", True)
    send(ast.literal_eval(POLICY.search(SITE.read_text()).group(1)))
    place = f"/communities/{community}/stats"
    used = ["/stats", "/stats?tab=audience", place, f"{record}/stats"]
    others = ["/stats/embed", f"{place}/report", f"{place}/share"]
    signed_in = as_person(people["owner"])
    *pages, landing = reported("policy.mjs", server, *used, *others, record, **signed_in)
    for page in pages:
        assert (page["status"], page["errors"], page["refused"]) == (200, [], []), page["path"]
        assert "script-src 'self'" in page["policy"]
    for page in pages[: len(used)]:
        assert [one["begin"] for one in page["used"]["pictures"]] == ["<svg", "\x89PNG"]
    assert pages[0]["used"]["filters"] == 1
    # the landing page asks the address in the settings, which is not that of this server
    assert landing["status"] == 200
    assert {(one["directive"], one["ours"]) for one in landing["refused"]} <= {
        ("connect-src", False)
    }


def test_under_the_strictest_policy_only_pictures_as_png_are_missing(server, community, send):
    send(STRICT["content_security_policy"])
    stock, page = reported("policy.mjs", server, "/communities", "/stats")
    assert (page["status"], page["errors"]) == (200, [])
    assert keys(page) - keys(stock) == {("img-src", "blob", "")}
    svg, png = page["used"]["pictures"]
    assert svg["begin"] == "<svg"
    assert "could not make the picture" in png["alert"]
    assert page["used"]["filters"] == 1
