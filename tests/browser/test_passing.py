# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports, panels and share pages in a real browser, which enforces who may frame what."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from invenio_access.permissions import system_identity
from werkzeug import Request, Response
from werkzeug.serving import make_server

from invenio_usage_stats.services import shares

from .nodes import node, reported

pytestmark = pytest.mark.browser
FRAMES = "<title>Partner</title><main>{}</main>"


@pytest.fixture
def enabled(app, monkeypatch):
    """Let sites show panels, and return a function that says which."""
    monkeypatch.setitem(app.config, "USAGE_STATS_EMBED_ENABLED", True)

    def allow(*sites):
        monkeypatch.setitem(app.config, "USAGE_STATS_EMBED_SITES", list(sites))

    allow()
    return allow


@pytest.fixture
def partner(server) -> Iterator[str]:
    """Serve another site, whose page frames what its address names."""

    @Request.application
    def page(request: Request) -> Response:
        frames = "".join(f'<iframe src="{url}"></iframe>' for url in request.args.getlist("url"))
        return Response(FRAMES.format(frames), mimetype="text/html")

    live = make_server("127.0.0.1", 0, page, threaded=True)
    thread = threading.Thread(target=live.serve_forever)
    thread.start()
    yield f"http://localhost:{live.server_port}"
    live.shutdown()
    thread.join()


def framed(partner, *urls) -> list[str]:
    """Return what a browser shows in the frames of the other site."""
    return reported("frames.mjs", partner, *urls)


def test_pages_beside_dashboards_are_accessible(server, community, enabled):
    paths = [f"/communities/{community}/stats/report", "/stats/share"]
    paths += [f"/stats/embed?theme={theme}" for theme in ("light", "dark")]
    done = node("axe.mjs", server, *paths, "/stats/embed?panel=ResourceTypesTable&source=true")
    for report in json.loads(done.stdout):
        for run in report["runs"]:
            assert (run["status"], run["violations"]) == (200, []), report["url"]
            assert run["overflow"] == [], report["url"]


def test_only_listed_sites_frame_panels_and_none_frames_pages(
    server,
    community,
    partner,
    enabled,
):
    urls = [f"{server}{path}" for path in ("/stats/embed", "/stats", "/stats/share")]
    assert framed(partner, *urls) == ["", "", ""]
    enabled(partner)
    panel, *pages = framed(partner, *urls)
    assert "Views per" in panel
    assert pages == ["", ""]


def test_a_share_link_in_a_frame_ends_with_its_revocation(
    server,
    community,
    partner,
    enabled,
):
    enabled("*")
    scope, day = f"communities/{community}", timedelta(days=1)
    link = shares.create(system_identity, scope, shares.VIEW, [("period", "30d")], day)
    url = f"{server}/{scope}/stats/embed?panel=SingleStatViews&share={shares.token(link)}"
    (shown,) = framed(partner, url)
    assert "Views" in shown
    shares.revoke(system_identity, link.id)
    (shown,) = framed(partner, url)
    assert "not available" in shown
