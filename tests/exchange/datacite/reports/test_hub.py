# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sending reports to a hub that enforces its rules, through all that can go wrong."""

import time

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.errors import HubAwayError, HubError, SetupError
from invenio_usage_stats.exchange.datacite.hub import parts, sending, sent

from . import loopback
from .counted import usage, write_months
from .delivering import BOTH, FEBRUARY, JANUARY, LOOKING, deliver, dois, writes
from .loopback import Stored
from .schemas import HUB_REPORT, problems


@pytest.fixture
def small_parts(monkeypatch) -> None:
    """Let parts have one dataset, so that January has two."""
    monkeypatch.setattr(parts, "MOST_DATASETS", 1)


class TestSending:
    def test_a_report_is_made_and_replaced(self, counted, hub):
        deliver()
        stored = hub.stored(JANUARY)
        assert (dois(stored), stored.state) == (BOTH, "correct")
        assert writes(hub) == [("POST", "/reports")]
        write_months(
            [("record", usage(JANUARY, counted.records["first"], (1, 1, 0, 0)))], [JANUARY], 2
        )
        deliver()
        assert writes(hub)[1:] == [("PUT", f"/reports/{stored.id}")]
        (dataset,) = hub.stored(JANUARY).all_datasets
        assert [i["count"] for i in dataset["performance"][0]["instance"]] == [1, 1]

    def test_says_nothing_that_the_hub_does_not_know(self, counted, hub):
        deliver()
        stored = hub.stored(JANUARY)
        report = {"report-header": stored.header, "report-datasets": stored.all_datasets}
        assert not problems(HUB_REPORT, report)
        assert "volume" not in str(report)
        assert stored.header["created-by"] == "test.library"
        assert stored.header["reporting-period"] == {
            "begin-date": "2026-01-01",
            "end-date": "2026-01-31",
        }

    def test_an_open_month_is_told_to_be_partial(self, counted, hub):
        deliver(FEBRUARY)
        assert [one["code"] for one in hub.stored(FEBRUARY).header["exceptions"]] == [3040]
        deliver(JANUARY)
        assert hub.stored(JANUARY).header["exceptions"] == []

    def test_large_reports_are_compressed(self, counted, hub, monkeypatch):
        monkeypatch.setattr(parts, "MOST_BYTES", 100)
        lines = deliver()
        stored = hub.stored(JANUARY)
        assert (len(stored.subsets), stored.datasets, stored.state) == (1, [], "correct")
        assert [one["code"] for one in stored.header["exceptions"]] == [69]
        assert dois(stored) == BOTH
        assert "(gzip)" in lines[1]

    def test_many_datasets_go_in_parts_with_one_header(self, counted, hub, small_parts):
        deliver()
        stored = hub.stored(JANUARY)
        assert writes(hub) == [("POST", "/reports")] * 2
        assert (len(stored.subsets), dois(stored), stored.state) == (2, BOTH, "correct")
        deliver()
        assert writes(hub)[2:] == [("PUT", f"/reports/{stored.id}"), ("POST", "/reports")]
        assert dois(hub.stored(JANUARY)) == BOTH

    def test_a_report_that_another_program_has_sent_is_replaced(self, counted, hub):
        deliver()
        sent_before = hub.stored(JANUARY).id
        _forget()
        deliver()
        assert writes(hub)[1:] == [("PUT", f"/reports/{sent_before}")]
        assert len(hub.reports) == 1

    def test_reports_of_others_and_of_other_months_are_not_touched(self, counted, hub):
        header = {
            "created-by": "test.library",
            "reporting-period": {"begin-date": "2025-01-01", "end-date": "2025-01-31"},
            "exceptions": [],
        }
        for number in range(30):
            hub.reports.append(Stored(f"old-{number}", "test.library", header))
        other = {**header, "created-by": "other", "reporting-period": {"begin-date": "2026-01-01"}}
        hub.reports.append(Stored("other", "other", other))
        deliver()
        assert writes(hub) == [("POST", "/reports")]
        assert len(hub.reports) == 32

    def test_a_dry_run_asks_nobody(self, counted, hub):
        lines = deliver(dry_run=True)
        assert hub.requests == []
        assert sent.last_attempts(10) == []
        assert lines[-1] == "Nothing was sent."
        assert "2 datasets" in lines[1]

    def test_a_month_without_use_is_not_sent(self, library, hub):
        write_months([], [JANUARY], empty=[JANUARY])
        assert deliver()[-1] == "There is no use to be told of."
        assert hub.requests == []
        assert sent.due(hub.url, "test.library") == []

    def test_a_month_that_is_not_counted(self, library, hub):
        with pytest.raises(SetupError, match="2026-01 is not counted"):
            deliver()

    def test_two_do_not_send_at_once(self, counted, hub):
        with hold(sending.LEASE), pytest.raises(HubError, match="Somebody else"):
            deliver()
        assert hub.requests == []

    def test_nothing_is_left_on_the_disk(self, counted, hub, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        deliver()
        assert list(tmp_path.iterdir()) == []


class TestFailing:
    @pytest.mark.parametrize("fault", [500, 502, 503, 429, "dead", "lost"])
    @pytest.mark.parametrize("before", [[], LOOKING, [*LOOKING, None]], ids=["look", "1", "2"])
    def test_each_number_arrives_once_whatever_fails(
        self, counted, hub, small_parts, fault, before
    ):
        """What fails is the first look, the first part, or the second part."""
        hub.faults = [*before, fault]
        deliver()
        assert dois(hub.stored(JANUARY)) == BOTH

    @pytest.mark.parametrize("fault", [500, "lost"])
    @pytest.mark.parametrize("when", [1, 2])
    def test_replacing_fails(self, counted, hub, small_parts, fault, when):
        deliver()
        hub.faults = [*[None] * (when - 1), fault]
        deliver()
        assert dois(hub.stored(JANUARY)) == BOTH

    def test_plain_reports_fail(self, counted, hub):
        hub.faults = [*LOOKING, "lost"]
        deliver()
        assert writes(hub) == [("POST", "/reports"), ("PUT", f"/reports/{hub.stored(JANUARY).id}")]
        assert dois(hub.stored(JANUARY)) == BOTH

    def test_pauses_grow(self, counted, hub, monkeypatch):
        waited = []
        monkeypatch.setattr(time, "sleep", waited.append)
        hub.faults = [*LOOKING, 500, *3 * [*LOOKING, 500]]
        monkeypatch.setattr(sending, "PAUSES", (1, 2, 4))
        with pytest.raises(HubAwayError, match="500"):
            deliver()
        assert [pause for pause in waited if pause] == [1, 2, 4]

    def test_what_is_given_up_is_written_down_and_sent_later(self, counted, hub):
        hub.faults = [*LOOKING, 500, *3 * [*LOOKING, 503]]
        with pytest.raises(HubAwayError):
            deliver()
        rows = sent.last_attempts(10)
        assert [row["status"] for row in rows] == [503, 503, 503, 500]
        assert all(row["reason"] for row in rows)
        assert [state.month for state in sent.due(hub.url, "test.library")] == [JANUARY]
        deliver()
        assert dois(hub.stored(JANUARY)) == BOTH
        assert sent.due(hub.url, "test.library") == []

    def test_a_hub_that_is_away(self, app, counted, hub, monkeypatch):
        monkeypatch.setitem(app.config, "USAGE_STATS_COUNTER_HUB_URL", "http://127.0.0.1:9")
        with pytest.raises(HubAwayError, match="does not answer"):
            deliver()

    def test_a_refusal_is_not_repeated(self, counted, hub, monkeypatch):
        monkeypatch.setattr(loopback, "MOST_DATASETS", 1)
        with pytest.raises(HubError, match="at most 50,000 datasets") as caught:
            deliver()
        assert not isinstance(caught.value, HubAwayError)
        assert len(writes(hub)) == 1
        (row,) = sent.last_attempts(10)
        assert (row["status"], row["report_id"]) == (422, None)

    def test_a_redirect_is_not_followed(self, counted, hub):
        hub.faults = [301]
        with pytest.raises(HubError, match="301"):
            deliver()
        assert len(hub.requests) == 1


def _forget() -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.delete(sent.SENT))
