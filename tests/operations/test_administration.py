# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page of the administration panel: who may see it, what it shows, and its orders."""

import re

import pytest
import sqlalchemy as sa
from invenio_access.models import ActionUsers
from invenio_administration.permissions import administration_access_action
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.running.failures import Boundary
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import RECORD_DELTAS, USAGE_DELTA
from invenio_usage_stats.operations import backfill
from invenio_usage_stats.operations.models import BackfillMonth
from invenio_usage_stats.operations.plan import rebuild_job
from invenio_usage_stats.reader.periods import FIRST_DAY, LAST_DAY, Period
from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy

from ..conftest import browsing
from ..content import create_community, create_user
from ..world import stored_deltas

PAGE = "/administration/usage-stats"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
DELTAS = (*RECORD_DELTAS, USAGE_DELTA)
PARTS = BackfillMonth.__table__


@pytest.fixture(scope="module")
def administrator(app):
    """Return somebody who may enter the panel."""
    person = create_user(app, "administrator")
    db.session.add(ActionUsers.allow(administration_access_action, user_id=int(person.id)))
    db.session.commit()
    return person


@pytest.fixture
def admin(app, administrator):
    """Return the client of an administrator."""
    with browsing(app, administrator) as client:
        yield client


def order(client, action: str, **data):
    """Return the answer to an order."""
    return client.post(PAGE, data={"action": action, **data})


def everything() -> dict:
    """Return all deltas that are stored."""
    return {product.name: stored_deltas(product) for product in DELTAS}


@pytest.mark.parametrize("who", [None, "stranger", "owner"])
def test_only_administrators_see_and_order(app, people, who):
    create_community(people["owner"])
    with browsing(app, people.get(who)) as client:
        assert client.get(PAGE).status_code == 403
        assert order(client, "backfill").status_code == 403
        assert order(client, "rebuild", since="2020-01-01").status_code == 403
        assert order(client, "cancel", job="backfill").status_code == 403


def test_the_policy_decides_too(app, admin, monkeypatch):
    class Nobody(UsageStatsPermissionPolicy):
        can_manage = []

    monkeypatch.setitem(app.config, "USAGE_STATS_PERMISSION_POLICY", Nobody)
    assert admin.get(PAGE).status_code == 403


def test_the_panel_leads_to_the_page(admin):
    assert f'href="{PAGE}"' in admin.get("/administration/").text


def test_when_all_is_well(admin, healthy):
    page = admin.get(PAGE).text
    assert "Every aggregation is up to date" in page
    assert USAGE_DELTA.name in page
    assert "cannot be told" not in page
    assert 'aria-label="Behind"' not in page


def test_what_is_behind_has_a_reason(admin, people, healthy):
    community = create_community(people["owner"])
    Boundary().report(USAGE_DELTA.name, "a <poisoned> event", day=19_000, scope=community)
    page = admin.get(PAGE).text
    assert "Something is behind" in page
    assert "a &lt;poisoned&gt; event" in page
    assert "Community-" in page
    assert "Jan 8, 2022" in page


def test_the_doctor_is_asked_only_when_wanted(app, admin, healthy, monkeypatch):
    assert "What to do" not in admin.get(PAGE).text
    monkeypatch.setitem(app.config, "USAGE_STATS_THROTTLE", 7)
    page = admin.get(f"{PAGE}?doctor=1").text
    assert "What to do" in page
    assert "a number above 0 and up to 1" in page


def test_a_search_engine_that_does_not_answer(app, admin, healthy):
    search = app.extensions["invenio-search"]
    client, hosts = search.client, app.config["SEARCH_HOSTS"]
    app.config["SEARCH_HOSTS"] = [{"host": "127.0.0.1", "port": 1}]
    search._client = None
    try:
        answer = admin.get(f"{PAGE}?doctor=1")
        assert answer.status_code == 200
        assert "cannot be told" in answer.text
        assert "cannot be examined" in answer.text
    finally:
        app.config["SEARCH_HOSTS"], search._client = hosts, client


def test_an_estimate_writes_nothing(admin, healthy):
    before = everything()
    page = admin.get(f"{PAGE}?since=2000-01-01&until=&scope=").text
    assert "about" in page
    assert "Rebuild now" in page
    assert 'name="since" value="2000-01-01"' in page
    assert everything() == before
    assert not backfill.jobs()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("since=lately", "is not a day such as 2026-01-31"),
        ("since=2024-02-01&until=2024-01-01", "2024-02-01 is after until 2024-01-01"),
        ("since=2024-01-01&scope=no-such-place", "There is no such community."),
    ],
)
def test_a_wish_that_cannot_be_met(admin, healthy, query, text):
    page = admin.get(f"{PAGE}?{query}").text
    assert text in page
    assert "Rebuild now" not in page
    data = dict(pair.split("=") for pair in query.split("&"))
    answer = order(admin, "rebuild", **data)
    assert answer.status_code == 400
    assert text in answer.text
    assert not backfill.jobs()


def test_the_button_really_rebuilds(admin, healthy):
    before = everything()
    targets = ",".join(product.target for product in DELTAS)
    script = {"script": "ctx._source.totals = null", "query": {"exists": {"field": "totals"}}}
    current_search_client.update_by_query(
        index=USAGE_DELTA.target, body=script, params={"refresh": "true"}
    )
    assert everything() != before
    answer = order(admin, "rebuild", since="2000-01-01")
    assert (answer.status_code, answer.location) == (303, PAGE)
    current_search_client.indices.refresh(index=targets)
    assert everything() == before
    page = admin.get(PAGE).text
    assert "rebuild 2000-01-01 9999-12-30" in page
    assert 'value="100"' in page
    assert "begins as soon as a worker is free" in page


def test_a_backfill_by_button(admin, past):
    assert order(admin, "backfill").status_code == 303
    assert backfill.jobs()[0].progress.is_done
    found = everything()
    aggregate()
    assert everything() == found


@pytest.fixture
def begun(healthy):
    """Return the name of a rebuild that was begun, and of which nothing is done."""
    job = rebuild_job(Period(FIRST_DAY, LAST_DAY))
    backfill.begin(job)
    return job.name


def test_what_is_left_can_go_on(admin, begun):
    page = admin.get(PAGE).text
    assert "Go on" in page
    assert "<progress" in page
    assert order(admin, "go-on", job=begun).status_code == 303
    assert backfill.progress(begun).is_done


def test_what_is_left_can_be_cancelled(admin, begun):
    with db.engine.begin() as connection:
        first = sa.select(sa.func.min(PARTS.c.id)).scalar_subquery()
        connection.execute(sa.update(PARTS).where(PARTS.c.id == first).values(done=sa.func.now()))
    before = everything()
    assert order(admin, "cancel", job=begun).status_code == 303
    state = backfill.progress(begun)
    assert (state.parts, state.done) == (1, 1)
    assert everything() == before
    assert not backfill.unfinished()


def test_orders_need_the_token_of_our_page(app, admin, begun, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for action in ("rebuild", "backfill", "go-on", "cancel"):
        answer = order(admin, action, job=begun, since="2000-01-01")
        assert answer.status_code == 400, action
        assert "CSRF" in answer.text
    assert not backfill.progress(begun).done
    token = TOKEN.search(admin.get(PAGE).text).group(1)
    assert order(admin, "cancel", job=begun, csrf_token=token).status_code == 303
    assert not backfill.progress(begun).parts


def test_an_order_that_nobody_knows(admin, healthy):
    assert order(admin, "dance").status_code == 400


def test_nothing_inline(admin, begun):
    page = admin.get(f"{PAGE}?doctor=1&since=2000-01-01").text
    main = page.split('id="admin-main-content"')[1].split("</main>")[0]
    assert "<script" not in main
    assert not re.search(r'\son\w+="|\sstyle="', main)
