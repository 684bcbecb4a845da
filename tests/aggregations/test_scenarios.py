# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The worked scenarios on the real servers: the tests of the oracle, asked of the engine."""

import re

import pytest

from ..oracle import test_oracle as scenarios
from ..world import Engine, forget_world

QUESTIONS = ("record_deltas", "record_snapshot", "usage_deltas", "usage_snapshot")
SCENARIOS = [
    name
    for name, value in vars(scenarios).items()
    if re.match(r"test_", name) and callable(value) and not value.__code__.co_argcount
]
RESTS = {"test_random_histories_have_every_kind_of_thing"}


@pytest.fixture
def engine(app, monkeypatch):
    """Let the scenarios ask the engine instead of the oracle."""
    answers = Engine()
    for question in QUESTIONS:
        monkeypatch.setattr(scenarios, question, getattr(answers, question))
    yield
    forget_world()


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in RESTS])
def test_scenario(engine, name: str):
    getattr(scenarios, name)()


DATES = next(
    mark for mark in scenarios.test_a13_publication_dates.pytestmark if mark.name == "parametrize"
)


@pytest.mark.parametrize(*DATES.args)
def test_publication_dates(engine, published, day):
    scenarios.test_a13_publication_dates(published, day)
