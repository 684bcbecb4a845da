# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from invenio_usage_stats.views import chart

VALUES = st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=60)


@given(VALUES)
def test_ticks_hold_zero_and_every_value_at_even_distances(values):
    ticks = chart.y_ticks(values)
    assert 0 in ticks
    assert ticks[0] <= min(values)
    assert ticks[-1] >= max(values)
    assert len({b - a for a, b in pairwise(ticks)}) == 1
    assert 2 <= len(ticks) <= 9


@given(VALUES)
def test_points_stay_inside_the_plot(values):
    for place in chart.places(values):
        assert 0 <= place["x"] <= 100
        assert 0 <= place["y"] <= 100


def test_ticks_are_round_numbers():
    assert chart.y_ticks([0, 7]) == [0, 2, 4, 6, 8]
    assert chart.y_ticks([-3, 12]) == [-5, 0, 5, 10, 15]
    assert chart.y_ticks([0, 234_000]) == [0, 50_000, 100_000, 150_000, 200_000, 250_000]
    assert chart.y_ticks([0, 0]) == [0, 1]
    assert chart.y_ticks([]) == [0, 1]


def test_paths_run_from_left_to_right_above_a_closed_area():
    shape = chart.geometry([0, 5, 10], [False, False, False])
    assert shape.line == "M0,200L500,100L1000,0"
    assert shape.area == "M0,200L500,100L1000,0L1000,200L0,200Z"
    assert shape.tails == ""
    assert shape.zero == 100


def test_incomplete_intervals_are_drawn_apart():
    shape = chart.geometry([0, 5, 10], [True, False, True])
    assert shape.line == "M500,100L500,100"
    assert shape.tails == "M0,200L500,100M500,100L1000,0"


def test_a_single_point_is_a_dot_in_the_middle_even_if_incomplete():
    shape = chart.geometry([4], [True])
    assert shape.line == "M500,0L500,0"
    assert shape.area == ""


def test_negative_values_lie_below_zero():
    shape = chart.geometry([-4, 4], [False, False])
    assert shape.zero == 50
    assert shape.line == "M0,200L1000,0"


def test_few_points_get_labels_and_none_leaves_the_plot():
    assert chart.x_ticks(53) == [0, 9, 18, 27, 36, 45]
    assert chart.x_ticks(1) == [0]
    assert [chart.anchor(n, 11) for n in (0, 5, 10)] == ["start", "middle", "end"]
