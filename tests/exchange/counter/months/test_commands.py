# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The commands about months, as an operator gives them."""

import pytest

from invenio_usage_stats.exchange.counter.months import states

from .raw import NEW, OLD, said, store

pytestmark = pytest.mark.usefixtures("counting")


def test_counting_and_looking(run, now):
    now("2026-03-20")
    store([said("2026-03-10T10:00:00"), said("2026-02-10T10:00:00")])
    code, output = run("count")
    assert code == 0
    assert output.splitlines() == [
        "2026-02: count 1: 1 events, 2 documents",
        "2026-03: count 1: 1 events, 2 documents",
    ]
    assert run("count") == (0, "Nothing is new.\n")
    assert run("count", "2026-03") == (0, "2026-03: count 2: 1 events, 2 documents\n")
    code, output = run("months")
    assert [line.split()[:5] for line in output.splitlines()[1:]] == [
        ["2026-02", "1", OLD, "closed", "1"],
        ["2026-03", "2", OLD, "open", "1"],
    ]


def test_late_events_are_shown_until_they_are_counted(run, now):
    now("2026-04-20")
    store([said("2026-03-10T10:00:00")])
    run("count")
    store([said("2026-03-10T11:00:00")], salt="late")
    _code, output = run("count")
    assert "2026-03: closed; 1 late events wait, see 'counter recount 2026-03'" in output
    assert run("months")[1].splitlines()[1].split()[5] == "1"
    assert run("recount", "2026-03", "--apply")[0] == 0
    assert run("months")[1].splitlines()[1].split()[5] == "0"


def test_a_recount_is_looked_at_done_and_taken_back(run, now, newer_list):
    now("2026-04-20")
    store([said("2026-03-10T10:00:00"), said("2026-03-10T11:00:00", agent="newbot")])
    run("count")
    newer_list()
    code, output = run("recount", "2026-03")
    assert code == 0
    lines = [line.split() for line in output.splitlines()]
    assert lines[0] == ["2026-03:", "list", OLD, "->", f"{NEW},", "0", "late", "events"]
    assert lines[1] == ["total-dataset-investigations-regular", "2", "1", "-1"]
    assert "1 versions of datasets have other numbers" in output
    assert "Nothing was changed" in output
    assert states()[0].generation == 1
    code, output = run("recount", "2026-03", "--list", NEW, "--apply")
    assert code == 0
    assert "2026-03: count 2: 2 events, 2 documents; --rollback goes back" in output
    assert states()[0].generation == 2
    assert run("recount", "2026-03", "--rollback") == (0, "2026-03: count 1 is shown again\n")
    assert states()[0].generation == 1


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("count", "2026-13"), 2, "2026-13"),
        (("count", "2026-03"), 1, "There are no events of 2026-03."),
        (("recount", "2026-03"), 1, "2026-03 is not closed"),
        (("recount", "2026-03", "--rollback"), 1, "2026-03 is not closed"),
        (("recount", "2026-03", "--rollback", "--apply"), 2, "takes neither"),
        (("recount",), 2, "YYYY-MM"),
    ],
)
def test_what_cannot_be_done_is_said(run, arguments, code, text):
    found, output = run(*arguments)
    assert (found, text in output) == (code, True), output


def test_off_is_off(run, app, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER", False)
    for arguments in (("count",), ("count", "2026-03"), ("recount", "2026-03")):
        code, output = run(*arguments)
        assert code == 1
        assert "USAGE_STATS_COUNTER is off" in output
