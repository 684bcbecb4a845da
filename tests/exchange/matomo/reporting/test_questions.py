# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What can be asked of tables: rows, columns, order, folders and segments."""

from datetime import timedelta
from urllib.parse import quote, unquote

import pytest

from invenio_usage_stats.reader.periods import today

from .counted import rows, wanted

SINCE = {"period": "range", "date": "last400"}


@pytest.fixture
def downloads(reported):
    """Return the downloads that everybody may see."""
    since = today() - timedelta(days=399)
    return wanted(reported.seen("public"), 1, since, today(), "download")


def test_hosts_are_sums_of_what_was_downloaded_from_them(reported, downloads, ask):
    table = ask("Actions.getDownloads", expanded=1, **SINCE)
    counted = rows(downloads, lambda one: one.url, daily=False)
    assert {row["label"] for row in table} == {"doi.org", "localhost"}
    for host in table:
        inner = {host["label"] + row["label"]: row for row in host["subtable"]}
        assert inner.keys() == {url for url in counted if url.startswith(host["label"])}
        for name in ("nb_hits", "nb_visits"):
            assert host[name] == sum(counted[url][name] for url in inner)
        assert "sum_daily_nb_uniq_visitors" not in host


def test_a_host_is_opened_by_its_number(reported, ask):
    hosts = ask("Actions.getDownloads", **SINCE)
    assert all("subtable" not in host for host in hosts)
    whole = {
        row["label"]: row["subtable"] for row in ask("Actions.getDownloads", expanded=1, **SINCE)
    }
    for host in hosts:
        inner = ask("Actions.getDownloads", idSubtable=host["idsubdatatable"], **SINCE)
        assert inner == whole[host["label"]]
    assert ask("Actions.getDownloads", idSubtable=12345, **SINCE) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://doi.org/10.5281/public",
        "http://doi.org/10.5281/public",
        "doi.org/10.5281/public",
        "https://doi.org/`10.5281/public`",
    ],
)
def test_one_download_is_found_by_its_address(reported, downloads, ask, url):
    (row,) = ask("Actions.getDownload", downloadUrl=url, **SINCE)
    own = [one for one in downloads if one.url == "doi.org/10.5281/public"]
    assert row["label"] == "/10.5281/public"
    assert row["url"] == "https://doi.org/10.5281/public"
    assert (row["nb_hits"], row["nb_visits"]) == (len(own), len({one.visit_id for one in own}))


@pytest.mark.parametrize("name", ["restricted", "private", "absent"])
def test_what_is_not_public_answers_as_what_is_not_there(reported, ask, name):
    assert ask("Actions.getDownload", downloadUrl=f"https://doi.org/10.5281/{name}", **SINCE) == []


SEGMENTS = {
    "browserName==ilastik": lambda one: one.consumer == "ilastik",
    "browserName==Ilastik": lambda one: one.consumer == "ilastik",
    "consumer!=ilastik": lambda one: one.consumer != "ilastik",
    "countryCode==de": lambda one: one.country == "DE",
    "country==de,country==FR": lambda one: one.country in ("DE", "FR"),
    "country==de;consumer=@image": lambda one: one.country == "DE" and "image" in one.consumer,
    "country==de,country==fr;consumer==ilastik": lambda one: (
        one.country in ("DE", "FR") and one.consumer == "ilastik"
    ),
    "downloadUrl==https%3A%2F%2Fdoi.org%2F10.5281%2Fpublic": lambda one: one.url.endswith(
        "/public"
    ),
    "downloadUrl=^https://doi.org": lambda one: one.url.startswith("doi.org"),
    "downloadUrl=$-all": lambda one: one.url.endswith("-all"),
    "downloadUrl!@doi": lambda one: "doi" not in one.url,
    "browserVersion==1.4.0": lambda one: one.consumer_version == "1.4.0",
    "consumer==no*": lambda _one: False,
    "consumer=@*": lambda _one: False,
}


@pytest.mark.parametrize("segment", SEGMENTS)
def test_segments_choose_events(reported, downloads, ask, segment):
    table = ask("Actions.getDownloads", flat=1, segment=segment, **SINCE)
    some = rows(filter(SEGMENTS[segment], downloads), lambda one: one.url, daily=False)
    assert {row["label"]: row["nb_hits"] for row in table} == {
        url: row["nb_hits"] for url, row in some.items()
    }


def test_rows_name_the_segment_that_chooses_them(reported, ask):
    for row in ask("Actions.getDownloads", flat=1, **SINCE):
        sent = unquote(row["segment"])  # as the server gets it when it stands in an address
        assert sent == f"downloadUrl=={quote(row['url'], safe='')}"
        (own,) = ask("Actions.getDownloads", flat=1, segment=sent, **SINCE)
        assert own == row


def test_rows_can_be_limited_and_sorted(reported, ask):
    asked = {"flat": 1, **SINCE}
    table = ask("Actions.getDownloads", **asked)
    visits = [row["nb_visits"] for row in table]
    assert visits == sorted(visits, reverse=True)
    assert ask("Actions.getDownloads", filter_limit=2, filter_offset=1, **asked) == table[1:3]
    assert ask("Actions.getDownloads", filter_limit=-1, **asked) == table
    upwards = ask(
        "Actions.getDownloads", filter_sort_column="label", filter_sort_order="asc", **asked
    )
    labels = [row["label"] for row in table]
    assert [row["label"] for row in upwards] == sorted(labels)


@pytest.mark.parametrize(
    ("pattern", "test"),
    [
        ("10.5281", lambda label: "10.5281" in label),
        ("^DOI.ORG", lambda label: label.startswith("doi.org")),
        ("-all$", lambda label: label.endswith("-all")),
        ("a.pdf|-all$", lambda label: "a.pdf" in label or label.endswith("-all")),
        ("(a+)+$", lambda label: False),
    ],
)
def test_rows_can_be_chosen_by_a_pattern(reported, ask, pattern, test):
    labels = [row["label"] for row in ask("Actions.getDownloads", flat=1, **SINCE)]
    table = ask("Actions.getDownloads", flat=1, filter_pattern=pattern, **SINCE)
    assert [row["label"] for row in table] == [label for label in labels if test(label)]


def test_rows_can_be_chosen_by_their_labels(reported, ask):
    (host,) = ask("Actions.getDownloads", label="doi.org", **SINCE)
    assert host["label"] == "doi.org"
    (inner,) = ask("Actions.getDownloads", label="doi.org > /10.5281/public", **SINCE)
    (same,) = ask("Actions.getDownloads", label="doi.org/10.5281/public", flat=1, **SINCE)
    assert {**inner, "label": "doi.org/10.5281/public"} == same
    assert ask("Actions.getDownloads", label="elsewhere", **SINCE) == []


def test_columns_can_be_chosen(reported, ask):
    (row, *_) = ask("Actions.getDownloads", flat=1, showColumns="nb_hits", **SINCE)
    assert set(row) == {"label", "nb_hits", "url", "segment"}
    (row, *_) = ask("Actions.getDownloads", flat=1, hideColumns="nb_hits,sum_time_spent", **SINCE)
    assert not {"nb_hits", "sum_time_spent"} & set(row)
    assert set(ask("VisitsSummary.get", showColumns="nb_visits", **SINCE)) == {"nb_visits"}
    (row,) = ask("Live.getCounters", lastMinutes=30, hideColumns="visitors")
    assert set(row) == {"visits", "actions", "visitsConverted"}


def test_pages_lie_in_folders(reported, ask):
    table = {row["label"]: row for row in ask("Actions.getPageUrls", expanded=1, **SINCE)}
    assert {"/index", "docs", "records"} <= set(table)
    assert {row["label"] for row in table["docs"]["subtable"]} == {"/start", "/start.html?lang=en"}
    assert table["docs"]["nb_hits"] == sum(row["nb_hits"] for row in table["docs"]["subtable"])
