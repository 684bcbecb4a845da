# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Charts of usage say when it was counted in another way from then on."""

from datetime import date

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.reader.methods import DOUBLE_CLICKS, METHODS, RECOUNT, ROBOTS

from .conftest import layout

MARCH = date(2024, 3, 3)
ROBOTS_CHANGED = (
    "Robots are recognised by another list since Mar 3, 2024 (was 2025-01, is 2026-02)."
)


@pytest.fixture
def noted(app):
    """Return a function that notes changes, which are forgotten afterwards."""

    def note(*changes):
        names = ("day", "name", "kind", "before", "after")
        rows = [dict(zip(names, change, strict=True)) for change in changes]
        with db.engine.begin() as connection:
            connection.execute(sa.insert(METHODS), rows)

    with db.engine.begin() as connection:
        connection.execute(sa.delete(METHODS))
    yield note
    with db.engine.begin() as connection:
        connection.execute(sa.delete(METHODS))


def said(view, metric):
    """Return what is said of changes in the chart of a metric, by place."""
    return {event["x"]: event["text"] for event in view["series"][metric]["events"]}


def test_changes_are_marked_in_charts_of_usage_only(build, noted):
    noted((MARCH, ROBOTS, "", "2025-01", "2026-02"))
    view = build(interval="day")
    for metric in ("views", "downloads"):
        assert ROBOTS_CHANGED in said(view, metric).values()
    assert ROBOTS_CHANGED not in said(view, "records").values()


def test_changes_of_views_are_not_those_of_downloads(build, noted):
    noted((MARCH, DOUBLE_CLICKS, "view", "10", "30"))
    view = build(interval="day")
    (text,) = said(view, "views").values()
    assert "was 10 seconds, is 30 seconds" in text
    assert not said(view, "downloads")


def test_changes_within_an_interval_have_one_mark(build, noted):
    noted(
        (MARCH, ROBOTS, "", "2025-01", "2026-02"),
        (date(2024, 3, 9), DOUBLE_CLICKS, "view", "10", "30"),
        (date(2024, 4, 2), DOUBLE_CLICKS, "view", "30", "10"),
    )
    march, april = said(build(interval="month"), "views").values()
    assert march.startswith(ROBOTS_CHANGED)
    assert "on Mar 9, 2024 (was 10" in march
    assert "on Apr 2, 2024 (was 30" in april
    assert len(said(build(interval="day"), "views")) == 3


def test_first_notes_and_changes_outside_of_the_period_are_not_told(build, noted):
    noted(
        (MARCH, ROBOTS, "", None, "2025-01"),
        (date(2024, 2, 19), DOUBLE_CLICKS, "view", "10", "30"),
        (date(2024, 4, 10), DOUBLE_CLICKS, "view", "30", "10"),
        (MARCH, "of a later version", "", "1", "2"),
    )
    assert not said(build(interval="day"), "views")


def test_a_month_that_was_counted_again_is_named(build, noted):
    noted((MARCH, f"{RECOUNT}:2024-01", "", "1 (2024-01)", "2 (2024-02)"))
    (text,) = said(build(interval="day"), "views").values()
    assert text == (
        "What the repository reports of Jan 2024 by the rules of COUNTER was counted again on "
        "Mar 3, 2024 (was count 1 (2024-01), is count 2 (2024-02))."
    )


def test_a_page_asks_for_changes_once_and_only_for_charts_of_usage(build):
    asked = []

    def heard(connection, cursor, statement, *_):
        if METHODS.name in statement:
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", heard)
    try:
        build()
        assert len(asked) == 1
        build(changes=layout("SingleStatRecordCount"), metric="records")
        assert len(asked) == 1
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", heard)
