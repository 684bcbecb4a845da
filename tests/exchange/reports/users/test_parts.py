# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Parts of rows: whatever is stored, they add up to the row, and name nobody who is not seen."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from invenio_usage_stats.exchange.reports.totals.row import Row
from invenio_usage_stats.exchange.reports.users.events import Use
from invenio_usage_stats.exchange.reports.users.rows import NOBODY, OTHERS, parts
from invenio_usage_stats.exchange.reports.users.store import NUMBERS, OfUser

DAY = date(2026, 3, 4)
NUMBER = some.integers(0, 5)
USED = some.builds(OfUser, some.builds(Use, NUMBER, NUMBER, NUMBER), some.just(DAY), some.none())
MAYBE = some.none() | NUMBER


def row(views: int | None, downloads: int | None = 0, volume: int | None = 0) -> Row:
    return Row("record", "abcde-12345", "=cmd()", views=views, downloads=downloads, volume=volume)


@given(some.tuples(MAYBE, MAYBE, MAYBE), some.dictionaries(some.integers(1, 6), USED), some.data())
def test_they_add_up_and_name_whom_the_reader_sees(numbers, used, data):
    names = {user: f"user {user}" for user in used if data.draw(some.booleans())}
    found = list(parts(row(*numbers), used, names))
    for name, whole in zip(NUMBERS, numbers, strict=True):
        values = [getattr(one.row, name) for one in found]
        if whole is None:
            assert set(values) == {None}
        else:
            assert sum(values) == whole and min(values) >= 0
    ids = [one.user_id for one in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {*map(str, names), OTHERS, NOBODY}
    assert all(any(getattr(one.row, n) for n in NUMBERS) for one in found if one.user_id != NOBODY)


def test_what_the_totals_do_not_have_yet_is_not_shown():
    used = {1: OfUser(Use(5), DAY, None), 2: OfUser(Use(3), DAY, None)}
    found = list(parts(row(6), used, {1: "Ada", 2: "Bob"}))
    assert [(one.user, one.row.views) for one in found] == [("Ada", 5), ("Bob", 1)]


def test_days_instead_of_times():
    used = {1: OfUser(Use(1), DAY, None), 2: OfUser(Use(1), date(2026, 3, 1), None)}
    (others, nobody) = parts(row(3), used, {})
    assert (others.user_id, others.row.views, others.row.last_viewed) == (OTHERS, 2, DAY)
    assert (nobody.user_id, nobody.row.views, nobody.row.last_viewed) == (NOBODY, 1, None)


def test_what_is_withheld_shows_in_no_day():
    used = {1: OfUser(Use(1, 4), DAY, DAY)}
    (part,) = parts(row(None, 4), used, {1: "Ada"})
    assert (part.row.views, part.row.last_viewed) == (None, None)
    assert (part.row.downloads, part.row.last_downloaded) == (4, DAY)


def test_a_row_without_use_is_nobodys():
    (nobody,) = parts(row(0), {}, {})
    assert (nobody.user_id, nobody.row.views) == (NOBODY, 0)
