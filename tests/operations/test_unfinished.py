# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Jobs that were cancelled, begun anew, interrupted or left by their workers."""

from datetime import date

import pytest
from invenio_search import current_search_client

from invenio_usage_stats import tasks
from invenio_usage_stats.aggregations.running import bookmarks
from invenio_usage_stats.aggregations.running.failures import Boundary, failures
from invenio_usage_stats.aggregations.running.leases import hold
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import SearchEngineError
from invenio_usage_stats.indices import (
    RECORD_DELTAS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    full_name,
)
from invenio_usage_stats.ledger.history import GLOBAL, day_number
from invenio_usage_stats.operations import backfill
from invenio_usage_stats.operations.plan import backfill_job, rebuild_job
from invenio_usage_stats.reader.periods import FIRST_DAY, LAST_DAY, Period

from ..trouble import unreachable
from .test_filling import LOCAL, PARTS, everything, expected  # noqa: F401


@pytest.fixture
def begun(expected) -> str:  # noqa: F811
    """Return the name of a backfill that was begun, and of which nothing is done."""
    backfill.begin(backfill_job())
    return backfill_job().name


def test_a_site_without_an_index_of_bookmarks(run, expected):  # noqa: F811
    index = full_name(bookmarks.INDEX)
    current_search_client.indices.delete(index=index)
    assert run("backfill", *LOCAL)[0] == 0
    mapping = current_search_client.indices.get_mapping(index=index)[index]["mappings"]
    assert mapping["properties"]["aggregation_type"]["type"] == "keyword"
    aggregate()
    assert everything() == expected
    assert run("status")[0] == 0


def test_records_of_a_cancelled_backfill_are_found_again(run, expected, begun):  # noqa: F811
    backfill.do_part(backfill.open_parts(begun)[0])
    code, output = run("backfill", "--cancel")
    assert code == 0
    assert "parts will not be done" in output
    code, output = run("backfill", *LOCAL)
    assert code == 0, output
    assert everything() == expected
    assert "Nothing is missing" in run("backfill", *LOCAL)[1]


def test_the_hourly_task_does_the_records_of_a_cancelled_backfill(expected, begun):  # noqa: F811
    backfill.cancel(begun)
    tasks.aggregate()
    assert not backfill.unfinished()
    found = everything()
    assert {p.name: found[p.name] for p in RECORD_DELTAS} == {
        p.name: expected[p.name] for p in RECORD_DELTAS
    }


def test_a_backfill_begun_anew_keeps_the_months_of_records_that_are_left(run, expected, begun):  # noqa: F811
    first, *_ = backfill.open_parts(begun)
    backfill.do_part(first)
    code, output = run("backfill", "--restart", *LOCAL)
    assert code == 0
    assert "were done before" not in output
    assert everything() == expected


def test_a_rebuild_begun_anew_does_everything_again(run, healthy):
    job = rebuild_job(Period(FIRST_DAY, LAST_DAY))
    planned = backfill.begin(job).parts
    backfill.do_part(backfill.open_parts(job.name)[0])
    assert backfill.begin(job).done == 1
    again = backfill.begin(job, anew=True)
    assert (again.parts, again.done) == (planned, 0)


def test_only_one_of_the_options_that_exclude_each_other(run):
    code, output = run("backfill", "--restart", "--cancel")
    assert code == 2
    assert "Only one of" in output


def test_the_hourly_task_goes_on_with_what_nobody_works_at(expected, begun):  # noqa: F811
    with hold(f"{backfill.PART}0"):
        tasks.aggregate()
    assert not backfill.progress(begun).done
    tasks.aggregate()
    assert backfill.progress(begun).is_done
    assert everything() == expected


def test_a_part_that_meets_no_search_engine_says_so(begun):
    with unreachable(), pytest.raises(SearchEngineError):
        backfill.do_part(backfill.open_parts(begun)[0])


@pytest.fixture
def used(healthy) -> date:
    """Return a day of which a delta of the repository is stored."""
    return max(day for (scope, day) in everything()[USAGE_DELTA.name] if scope == GLOBAL)


def fail(product, day: date, scope: str = "") -> None:
    """Let a day or scope have failed, to be tried again tomorrow."""
    Boundary().report(product.name, "disturbed", day=day_number(day), scope=scope, lasting=True)


def rebuild(run, day: date, *options: str) -> tuple[int, str]:
    """Rebuild a day."""
    return run("rebuild", "--since", f"{day}", "--until", f"{day}", *options, *LOCAL)


def test_a_rebuild_settles_what_failed_before(run, used):
    fail(USAGE_DELTA, used)
    fail(USAGE_SNAPSHOT, used, GLOBAL)
    fail(RECORD_DELTAS[0], used, GLOBAL)
    code, output = rebuild(run, used)
    assert code == 0, output
    assert not failures()


def test_a_rebuild_of_one_scope_settles_only_its_failures(run, used):
    fail(USAGE_DELTA, used, GLOBAL)
    fail(USAGE_DELTA, used, "elsewhere")
    code, output = rebuild(run, used, "--scope", GLOBAL)
    assert code == 0, output
    assert [row["scope"] for row in failures()] == ["elsewhere"]


def test_what_failed_in_a_rebuild_is_no_success(run, used):
    fail(USAGE_DELTA, date(1999, 1, 1))
    body = {
        "query": {"range": {"timestamp": {"gte": f"{used}", "lte": f"{used}T23:59:59"}}},
        "script": {"source": "ctx._source.recid = ['not', 'one']"},
    }
    current_search_client.update_by_query(
        index=full_name("events-stats-*"), body=body, params={"refresh": "true"}
    )
    code, output = rebuild(run, used)
    assert code == 1
    assert "1 days or scopes failed" in output
