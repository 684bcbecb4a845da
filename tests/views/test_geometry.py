# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from invenio_usage_stats.views.charts import geometry
from invenio_usage_stats.views.charts.geometry import APART, Axes, paths, y_ticks

VALUES = st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=60)
HOLES = st.lists(st.none() | st.integers(-99, 99), min_size=1, max_size=40)


def drawn(values, partial=None, banded=False):
    axes = Axes(len(values), y_ticks(values), banded)
    return paths(axes, values, partial or [False] * len(values))


@given(VALUES)
def test_ticks_hold_zero_and_every_value_at_even_distances(values):
    ticks = y_ticks(values)
    assert 0 in ticks
    assert ticks[0] <= min(values)
    assert ticks[-1] >= max(values)
    assert len({b - a for a, b in pairwise(ticks)}) == 1
    assert 2 <= len(ticks) <= 9


@given(VALUES, st.booleans())
def test_points_stay_inside_the_plot(values, banded):
    axes = Axes(len(values), y_ticks(values), banded)
    for n, value in enumerate(values):
        assert 0 <= axes.x(n) <= 100
        assert 0 <= axes.y(value) <= 100


def test_ticks_are_round_numbers():
    assert y_ticks([0, 7]) == [0, 2, 4, 6, 8]
    assert y_ticks([-3, None, 12]) == [-5, 0, 5, 10, 15]
    assert y_ticks([0, 234_000]) == [0, 50_000, 100_000, 150_000, 200_000, 250_000]
    assert y_ticks([0, 0]) == [0, 1]
    assert y_ticks([]) == [0, 1]


def test_paths_run_from_left_to_right_above_a_closed_area():
    shape = drawn([0, 5, 10])
    assert shape.line == "M0,200L500,100L1000,0"
    assert shape.area == "M0,200L500,100L1000,0L1000,200L0,200Z"
    assert shape.tails == ""


def test_incomplete_intervals_are_drawn_apart():
    shape = drawn([0, 5, 10], [True, False, True])
    assert shape.line == "M500,100L500,100"
    assert shape.tails == "M0,200L500,100M500,100L1000,0"


def test_a_single_point_is_a_dot_in_the_middle_even_if_incomplete():
    shape = drawn([4], [True])
    assert shape.line == "M500,0L500,0"
    assert shape.area == ""


def test_negative_values_lie_below_zero():
    assert drawn([-4, 4]).line == "M0,200L1000,0"
    assert Axes(2, y_ticks([-4, 4])).y(0) == 50


def test_lines_break_where_nothing_is_known():
    assert drawn([0, 10, None, 10, None]).line == "M0,200L250,0M750,0L750,0"
    assert drawn([None, None]).line == ""


@given(HOLES)
def test_every_known_point_is_drawn(values):
    shape = drawn(values, [True] * len(values))
    axes = Axes(len(values), y_ticks(values))
    for n, value in enumerate(values):
        if value is not None:
            point = f"{10 * axes.x(n):g},{2 * axes.y(value):g}"
            assert point in shape.line + shape.tails


def test_bars_stand_upon_each_other():
    axes = Axes(2, [0, 5, 10], banded=True)
    first, second = geometry.stacked(axes, [[1, 2], [4, 8]])
    assert first[0] == {"x": 5.0, "y": 90.0, "width": 40.0, "height": 10.0}
    assert second[1] == {"x": 55.0, "y": 0.0, "width": 40.0, "height": 80.0}


@given(st.lists(st.floats(0, 100), min_size=1, max_size=7))
def test_labels_of_lines_are_moved_apart_and_stay_in_the_plot(places):
    found = geometry.spread(places)
    assert all(0 <= place <= 100 for place in found)
    assert all(b - a >= APART - 0.01 for a, b in pairwise(sorted(found)))


def test_few_points_get_labels_and_none_leaves_the_plot():
    assert Axes(53, [0, 1]).marks() == [0, 9, 18, 27, 36, 45]
    assert Axes(1, [0, 1]).marks() == [0]
    eleven = Axes(11, [0, 1])
    assert [eleven.anchor(n) for n in (0, 5, 10)] == ["start", "middle", "end"]
