# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Any history: what runs stored piece by piece equals the oracle, and what one rebuild makes."""

from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, note, seed, settings
from hypothesis import strategies as st

from ..world import forget_world
from .living import beginning, check_against_oracle, check_against_rebuild, live_through
from .steps import STEPS
from .stories import told

STARTS = st.sampled_from((date(2024, 1, 20), date(2023, 12, 30), date(2020, 2, 27), None))
USUAL = settings(
    max_examples=1,
    deadline=None,
    database=None,
    print_blob=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def forgetful(app):
    """Let the tests that follow load their worlds anew."""
    yield
    forget_world()


def check(steps: list, start: date | None) -> None:
    """Live through a history and compare; the smallest one, which comes first, is left out."""
    assume(len(steps) > 1)
    for step in steps:
        note(str(step))
    story = told(steps, start)
    with beginning():
        live_through(story)
        check_against_oracle(story.world)
        check_against_rebuild(story.world)


LONG = [pytest.param(number, marks=pytest.mark.long) for number in range(20, 220)]


@pytest.mark.parametrize("number", [*range(20), *LONG])
def test_history(number: int):
    """Compare one history of each seed."""
    seed(number)(USUAL(given(STEPS, STARTS)(check)))()
