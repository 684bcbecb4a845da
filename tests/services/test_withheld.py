# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rules of withholding, against somebody who knows them."""

from collections import defaultdict
from itertools import accumulate, pairwise, product

import pytest

from invenio_usage_stats.services.withholding import (
    is_small,
    withheld,
    withheld_of_whole,
    withheld_sums,
)


def test_the_next_larger_number_is_withheld_with_a_small_one():
    assert withheld({"a": 9, "b": 2, "c": 7}, 3) == {"b", "c"}
    assert withheld({"a": 9, "b": 2, "c": 7, "d": 7}, 3) == {"b", "c", "d"}
    assert withheld({"a": 9, "b": 2, "c": 1}, 3) == {"a", "b", "c"}
    assert withheld({"a": 9, "b": 0, "c": 7}, 3) == set()
    assert withheld({"a": -2, "b": 5, "c": -9}, 3) == {"a", "b"}


def test_where_nothing_is_large_everything_is_withheld():
    assert withheld({"a": 2, "b": 0}, 3) == {"a"}
    assert withheld_of_whole({"a": 2, "b": 0}, 3) == {"a", "b"}
    assert withheld_of_whole({"a": 0, "b": 0}, 3) == set()


def parts_as_shown(parts: tuple[int, ...], limit: int) -> tuple:
    """Return the whole and what is shown of its parts."""
    hidden = withheld_of_whole(dict(enumerate(parts)), limit)
    whole = None if len(hidden) == len(parts) else sum(parts)
    return whole, *(None if n in hidden else part for n, part in enumerate(parts))


def sums_as_shown(sums: tuple[int, ...], limit: int) -> tuple:
    """Return what is shown of running sums."""
    hidden = withheld_sums(sums, limit)
    return tuple(None if n in hidden else value for n, value in enumerate(sums))


@pytest.mark.parametrize("limit", [3, 4, 5])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_no_small_part_of_a_whole_follows(limit, count):
    """Of all worlds that look the same, no two agree on anything that is withheld."""
    worlds = defaultdict(list)
    for parts in product(range(2 * limit), repeat=count):
        worlds[parts_as_shown(parts, limit)].append(parts)
    for (_whole, *shown), same in worlds.items():
        for n in (n for n, value in enumerate(shown) if value is None):
            assert len({parts[n] for parts in same}) > 1, (shown, same)
        assert not any(is_small(value, limit) for value in shown)


@pytest.mark.parametrize("limit", [3, 4])
@pytest.mark.parametrize(("falling", "count"), [(False, 4), (True, 3)])
def test_no_small_running_sum_follows(limit, falling, count):
    """What looks like a world of moderate steps has others, some of them with larger steps."""
    large, moderate = 2 * limit + 2, limit + 1
    worlds, asked = defaultdict(set), set()
    for steps in product(range(-large if falling else 0, large + 1), repeat=count):
        sums = tuple(accumulate(steps))
        if min(sums) >= 0:
            shown = sums_as_shown(sums, limit)
            worlds[shown].add(sums)
            if max(map(abs, steps)) <= moderate:
                asked.add(shown)
    for shown in asked:
        for n in (n for n, value in enumerate(shown) if value is None):
            assert len({sums[n] for sums in worlds[shown]}) > 1, shown
        known = [0, *(value for value in shown if value is not None)]
        assert not any(is_small(after - before, limit) for before, after in pairwise(known))
