# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pages of those who decide, in a real browser: the panel's, and a community's settings."""

import json

import pytest
from invenio_access.models import ActionUsers
from invenio_administration.permissions import administration_access_action
from invenio_db import db

from invenio_usage_stats.operations import backfill

from ..content import create_user
from .nodes import as_person, node, reported

pytestmark = pytest.mark.browser
PANEL = "/administration/"
PAGE = f"{PANEL}usage-stats"


@pytest.fixture(scope="module")
def administrator(app) -> dict[str, str]:
    """Return the setting that signs in somebody who may enter the panel."""
    person = create_user(app, "director")
    db.session.add(ActionUsers.allow(administration_access_action, user_id=int(person.id)))
    db.session.commit()
    return as_person(person)


def test_the_administration_page_is_accessible(server, community, administrator):
    paths = [PANEL, PAGE, f"{PAGE}?since=2020-01-01&doctor=1", f"{PAGE}?since=never"]
    stock, *reports = json.loads(node("axe.mjs", server, *paths, **administrator).stdout)
    for report in reports:
        for run, frame in zip(report["runs"], stock["runs"], strict=True):
            assert (run["status"], run["violations"]) == (200, []), report["url"]
            # the panel's own frame is a little wider than the window
            assert run["scrollWidth"] <= frame["scrollWidth"], report["url"]
            assert set(run["errors"]) <= set(frame["errors"]), report["url"]


def test_a_rebuild_is_estimated_with_the_keyboard_alone(server, community, administrator):
    planned = backfill.jobs()
    seen = reported("keys.mjs", server, **administrator)
    assert "since=2020-01-01" in seen["url"]
    assert "events: about" in seen["answer"]
    assert seen["order"]["label"] == "Rebuild now"
    names = list(dict.fromkeys(step["label"] for step in seen["way"]))
    assert names[-3:] == ["Last day", "Community (id or slug) or global", "Estimate time and space"]
    assert backfill.jobs() == planned


def test_the_settings_of_a_community_are_accessible(app, server, community, people, monkeypatch):
    monkeypatch.setitem(app.config, "STATS_DASHBOARD_COMMUNITY_OPT_IN", True)
    path = f"/communities/{community}/stats/settings"
    done = node("axe.mjs", server, path, **as_person(people["owner"]))
    (report,) = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert [run["status"] for run in report["runs"]] == [200, 200]
