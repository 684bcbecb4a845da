# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from invenio_usage_stats.views.charts.shades import CLASSES, Shades

NUMBERS = st.lists(st.one_of(st.none(), st.integers(0, 10**12)), max_size=30)


def test_bounds_lie_equally_far_apart_in_orders_of_size():
    assert Shades.of([1, 12_345]).starts == (1, 6, 40, 200, 1000)
    assert Shades.of([1, 100_000]).starts == (1, 10, 100, 1_000, 10_000)


def test_close_numbers_have_bounds_of_more_digits():
    assert Shades.of([950, 1000]).starts == (950, 959, 969, 979, 989)


def test_few_numbers_have_few_classes_and_the_largest_is_darkest():
    shades = Shades.of([3, 4])
    assert shades.starts == (3,)
    assert [shades(n) for n in (0, 3, 4)] == [0, CLASSES, CLASSES]


def test_nothing_has_no_class():
    shades = Shades.of([None, 0])
    assert (shades(0), shades(None), shades.ranges()) == (0, 0, [])


@given(NUMBERS)
def test_every_number_lies_in_the_range_of_its_shade(values):
    shades = Shades.of(values)
    ranges = {shade: (low, high) for shade, low, high in shades.ranges()}
    assert len(ranges) == len(shades.ranges()) <= CLASSES
    for value in values:
        if value:
            low, high = ranges[shades(value)]
            assert low <= value <= high
        else:
            assert shades(value) == 0


@given(NUMBERS)
def test_ranges_leave_no_gap(values):
    ranges = Shades.of(values).ranges()
    assert all(a[2] + 1 == b[1] for a, b in pairwise(ranges))
    assert [shade for shade, _, _ in ranges] == sorted({shade for shade, _, _ in ranges})
