# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Passing a view on: links for everybody, share links for who manages a scope."""

import re
from datetime import timedelta

import pytest
from invenio_communities.generators import CommunityManagers
from invenio_db import db

from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.services.models import Share
from invenio_usage_stats.services.permissions import UsageStatsPermissionPolicy

from ..resources.conftest import API, SECRET, asking, house  # noqa: F401


@pytest.fixture
def page(house):  # noqa: F811
    """Return the dashboard of a community that not everybody may read."""
    return f"/communities/{house.communities['restricted']}/stats"


@pytest.fixture
def managed(app, monkeypatch):
    """Let managers of communities make share links."""

    class Policy(UsageStatsPermissionPolicy):
        can_manage_community = [CommunityManagers()]

    monkeypatch.setitem(app.config, "USAGE_STATS_PERMISSION_POLICY", Policy)


@pytest.fixture(autouse=True)
def no_links(app):
    """Begin without share links."""
    db.session.query(Share).delete()
    db.session.commit()


def get(app, house, url, who="anonymous"):  # noqa: F811
    with asking(app, house, who) as client:
        return client.get(url)


def post(app, house, url, who="manager", **data):  # noqa: F811
    with asking(app, house, who) as client:
        return client.post(url, data=data)


def link_of(answer):
    """Return the first share link of a page."""
    return re.search(r"http://localhost(/[^\s<]*/shared/[^\s<]*)", answer.text)[1]


def test_everybody_may_pass_on_what_everybody_may_read(app, house):  # noqa: F811
    text = get(app, house, "/stats/share?metric=downloads&period=30d").text
    assert "http://localhost/stats?period=30d&amp;metric=downloads" in text
    assert re.search(r"http://localhost/stats\?since=\d{4}-\d\d-\d\d&amp;until=", text)
    assert "http://localhost/stats/report" in text
    assert "curl" in text
    assert '<form method="post"' not in text
    assert "csrf" not in text


def test_the_code_for_other_pages(app, house, page, monkeypatch):  # noqa: F811
    url = "/stats/share?period=30d&panel=ResourceTypesTable&theme=dark&source=true"
    assert "iframe" not in get(app, house, url).text
    monkeypatch.setitem(app.config, "USAGE_STATS_EMBED_ENABLED", True)
    text = get(app, house, url).text
    src = re.search(r"src=&#34;(http://localhost/stats/embed[^ ]*)&#34;", text)[1]
    address = src.replace("&amp;amp;", "&").removeprefix("http://localhost")
    assert "usage-stats-table" in get(app, house, address).text
    assert address.endswith("?panel=ResourceTypesTable&period=30d&theme=dark&source=true")
    assert "need a share link" in get(app, house, f"{page}/share", "owner").text


def test_managers_make_and_revoke_links(app, house, page, managed):  # noqa: F811
    made = post(app, house, f"{page}/share?metric=downloads", days=7, period="relative")
    assert made.status_code == 303
    assert made.location.endswith("/share?metric=downloads#share-links")
    listed = get(app, house, f"{page}/share", "manager")
    link = link_of(listed)
    (share,) = db.session.query(Share).all()
    assert (share.question, share.parameters) == ("view", [["metric", "downloads"]])
    assert share.expires - share.created < timedelta(days=7, minutes=1)
    for who in ("anonymous", "stranger"):
        shown = get(app, house, link, who)
        assert shown.status_code == 200
        assert f"The {SECRET} house" in shown.text
        assert f"A {SECRET} paper" not in shown.text
        assert "noindex" in shown.text
        assert shown.headers["Cache-Control"] == "no-store"
    gone = post(app, house, f"{page}/share", revoke=str(share.id))
    assert gone.status_code == 303
    assert get(app, house, link).status_code == 403
    assert "no valid share links" in get(app, house, f"{page}/share", "manager").text


def test_a_link_can_keep_its_days(app, house, page, managed):  # noqa: F811
    post(app, house, f"{page}/share?period=30d", days=7, period="fixed")
    (share,) = db.session.query(Share).all()
    assert [name for name, _ in share.parameters] == ["since", "until"]
    assert get(app, house, link_of(get(app, house, f"{page}/share", "manager"))).status_code == 200


def test_a_shared_view_leads_to_no_other(app, house, page, managed):  # noqa: F811
    post(app, house, f"{page}/share?period=30d", days=7, period="relative")
    text = get(app, house, link_of(get(app, house, f"{page}/share", "manager"))).text
    ours = text[text.index('class="ui container usage-stats') : text.index("</main>")]
    assert "<form" not in ours
    assert 'href="?' not in ours
    assert f"{API}" not in ours


def test_links_of_views_answer_no_questions(app, house, page, managed):  # noqa: F811
    post(app, house, f"{page}/share", days=7, period="relative")
    token = link_of(get(app, house, f"{page}/share", "manager")).rpartition("/")[2]
    assert get(app, house, f"{API}/shared/{token}").status_code == 403
    with asking(app, house, "administrator") as client:
        scope = f"communities/{house.communities['restricted']}"
        (hit,) = client.get(f"{API}/shares", query_string={"scope": scope}).json["hits"]["hits"]
    assert hit["links"]["shared"].endswith(f"/stats/shared/{token}")
    assert (
        get(app, house, hit["links"]["shared"].removeprefix("http://localhost")).status_code == 200
    )


def test_expired_links_and_links_of_others_show_nothing(app, house, page, managed):  # noqa: F811
    post(app, house, f"{page}/share", days=7, period="relative")
    link = link_of(get(app, house, f"{page}/share", "manager"))
    token = link.rpartition("/")[2]
    (share,) = db.session.query(Share).all()
    public = f"/communities/{house.communities['public']}/stats"
    others = [f"{where}/shared/{token}" for where in ("/stats", public)]
    answers = [get(app, house, url) for url in (*others, f"{link}x")]
    share.expires = utc_now() - timedelta(seconds=1)
    db.session.commit()
    answers.append(get(app, house, link))
    assert {answer.status_code for answer in answers} == {403}
    assert all("not valid, or not any more" in answer.text for answer in answers)
    assert all(SECRET not in answer.text for answer in answers)


def test_only_managers_make_links(app, house, page):  # noqa: F811
    for who, status in (("anonymous", 302), ("stranger", 403), ("member", 403), ("owner", 403)):
        answer = post(app, house, f"{page}/share", who, days=7, period="relative")
        assert answer.status_code == status
        readable = get(app, house, f"{page}/share", who)
        assert readable.status_code == (status if who in ("anonymous", "stranger") else 200)
        assert '<form method="post"' not in readable.text
    assert post(app, house, "/stats/share", "owner", days=7, period="relative").status_code == 403
    answer = post(app, house, "/stats/share", "administrator", days=7, period="relative")
    assert answer.status_code == 303


def test_a_link_is_revoked_by_managers_of_its_scope_only(app, house, page, managed):  # noqa: F811
    post(app, house, "/stats/share", "administrator", days=7, period="relative")
    (share,) = db.session.query(Share).all()
    for id_ in (str(share.id), "00000000-0000-0000-0000-000000000000", "x"):
        assert post(app, house, f"{page}/share", revoke=id_).status_code == 403
    assert db.session.get(Share, share.id).revoked is None


@pytest.mark.parametrize(
    "data",
    [
        {"days": 0, "period": "relative"},
        {"days": 10_000, "period": "relative"},
        {"days": "many", "period": "relative"},
        {"period": "relative", "days": ""},
        {"days": 7, "period": "later"},
        {"revoke": ""},
    ],
)
def test_forms_are_checked(app, house, page, managed, data):  # noqa: F811
    answer = post(app, house, f"{page}/share", **data)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert db.session.query(Share).count() == 0


def test_a_wrong_view_cannot_be_shared(app, house, page, managed):  # noqa: F811
    answer = post(app, house, f"{page}/share?period=lately", days=7, period="relative")
    assert answer.status_code == 400
    assert db.session.query(Share).count() == 0


def test_other_sites_cannot_send_the_forms(app, house, page, managed, monkeypatch):  # noqa: F811
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with asking(app, house, "manager") as client:
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        text = client.get(f"{page}/share").text
        form = {"days": 7, "period": "relative"}
        assert client.post(f"{page}/share", data=form).status_code == 400
        assert client.post(f"{page}/share", data={**form, "csrf_token": "x"}).status_code == 400
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', text)[1]
        assert client.post(f"{page}/share", data={**form, "csrf_token": token}).status_code == 303
        (share,) = db.session.query(Share).all()
        revoke = {"revoke": str(share.id)}
        assert client.post(f"{page}/share", data=revoke).status_code == 400
        sent = client.post(f"{page}/share", data={**revoke, "csrf_token": token})
        assert sent.status_code == 303
