# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who reads what: public records for everybody, and more with a token of the repository's."""

from datetime import timedelta

import pytest

from invenio_usage_stats.reader.periods import today

from ....conftest import browsing
from .counted import rows, wanted

SINCE = {"period": "range", "date": "last400", "filter_limit": -1}
READERS = {
    "anonymous": ("public",),
    "stranger": ("public",),
    "member": ("public", "restricted"),
    "manager": ("public", "restricted"),
    "author": ("public", "private"),
    "administrator": ("public", "restricted", "private"),
}


def downloads(reported, *names: str, site: int = 1) -> dict:
    """Return the rows that somebody may see who sees some records."""
    events = wanted(reported.seen(*names), site, today() - timedelta(days=399), today(), "download")
    return rows(events, lambda one: one.url, daily=False)


def shown(table: list[dict]) -> dict:
    """Return the numbers of a flat table by label."""
    names = ("nb_hits", "nb_visits", "sum_daily_nb_uniq_visitors")
    return {row["label"]: {name: row[name] for name in names} for row in table}


@pytest.mark.parametrize("who", READERS)
def test_downloads_are_those_of_visible_records(reported, tokens, ask, who):
    token = tokens.get(who, who)
    table = ask("Actions.getDownloads", flat=1, token_auth=token, **SINCE)
    assert shown(table) == downloads(reported, *READERS[who])
    sums = ask("VisitsSummary.get", token_auth=token, **SINCE)
    events = wanted(reported.seen(*READERS[who]), 1, today() - timedelta(days=399), today())
    assert sums["nb_actions"] == len(events)


def test_a_token_may_come_in_a_form_or_a_header(app, reported, tokens):
    asked = {"module": "API", "method": "Actions.getDownloads", "format": "json", "idSite": 1}
    asked |= {"flat": 1, **SINCE}
    with browsing(app) as client:
        form = client.post("/index.php", data={**asked, "token_auth": tokens["author"]})
        header = {"Authorization": f"Bearer {tokens['author']}"}
        by_header = client.get("/", query_string=asked, headers=header)
    assert form.status_code == by_header.status_code == 200
    assert shown(form.json) == shown(by_header.json) == downloads(reported, *READERS["author"])


def test_a_session_means_nothing(app, reported):
    asked = {"module": "API", "method": "Actions.getDownloads", "format": "json", "idSite": 1}
    with browsing(app, reported.house.people["administrator"]) as client:
        table = client.get("/", query_string={**asked, "flat": 1, **SINCE}).json
    assert shown(table) == downloads(reported, "public")


def test_a_wrong_token_is_refused(reported, ask):
    answer = ask("Actions.getDownloads", 401, token_auth="nonsense", **SINCE)
    assert answer["result"] == "error"
    assert answer["message"].startswith("Unable to authenticate with the provided token.")


@pytest.mark.parametrize(("who", "status"), [("anonymous", 401), ("member", 200)])
def test_the_site_of_a_closed_community_is_for_its_members(reported, tokens, ask, who, status):
    site = reported.sites["restricted"]
    token = tokens.get(who, who)
    asked = {"idSite": site, "token_auth": token, "flat": 1, **SINCE}
    answer = ask("Actions.getDownloads", status, **asked)
    if status == 401:
        text = f"it requires 'view' access for the website id = {site}."
        assert answer == {"result": "error", "message": f"You can't access this resource as {text}"}
    else:
        assert shown(answer) == downloads(reported, *READERS["member"], site=site)


def test_a_site_that_is_not_there_answers_as_a_closed_one(reported, ask):
    closed = ask("VisitsSummary.get", 401, idSite=reported.sites["restricted"], **SINCE)
    absent = ask("VisitsSummary.get", 401, idSite=9876, **SINCE)
    assert {
        key: value.replace(str(reported.sites["restricted"]), "9876")
        for key, value in closed.items()
    } == absent


def test_all_sites_are_those_that_the_reader_may_read(reported, tokens, ask):
    open_ones = {"1", str(reported.sites["public"])}
    assert set(ask("VisitsSummary.get", idSite="all", **SINCE)) == open_ones
    seen = ask("VisitsSummary.get", idSite="all", token_auth=tokens["member"], **SINCE)
    assert set(seen) == {"1", *map(str, reported.sites.values())}
    some = ask("VisitsSummary.getVisits", idSite=f"1,{reported.sites['public']}", **SINCE)
    assert set(some) == open_ones
    one = ask("VisitsSummary.getVisits", idSite=reported.sites["public"], **SINCE)
    assert one["value"] == some[str(reported.sites["public"])] > 0


def test_own_pages_are_listed_where_everybody_may_know_of_them(reported, tokens, ask):
    asked = {"flat": 1, **SINCE}
    public, private = (f"records/{reported.house.records[name]}" for name in ("public", "private"))
    labels = {row["label"] for row in ask("Actions.getPageUrls", **asked)}
    assert labels == {"/index", "docs/start.html?lang=en", "docs/start", public, "/search?q=x"}
    asked["token_auth"] = tokens["administrator"]
    everything = {row["label"] for row in ask("Actions.getPageUrls", **asked)}
    assert everything > labels
    assert {private, "me/uploads"} < everything
