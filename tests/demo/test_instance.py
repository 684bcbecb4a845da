# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""API, export and daily documents of the tests' instance, against a direct count of its events."""

from datetime import UTC, datetime, timedelta

from ..world import forget_world, load
from . import local
from .asking import Demo
from .checking import Checks
from .drawing import Drawer
from .expecting import expected
from .repository import GLOBAL, read

QUESTIONS, SEED, DAYS = 100, 77, 120


def test_random_questions(client, people):
    """Every question is asked over HTTP, as JSON and as a file, and of the daily documents."""
    today = datetime.now(UTC).date()
    world = local.living_world(people, SEED, today - timedelta(days=DAYS + 1), DAYS)
    forget_world()
    load(world)
    repository = read(local.address(), datetime.max)
    communities = [scope for scope in world.scopes() if scope != GLOBAL]
    drawer = Drawer(repository, communities, SEED)
    checks = Checks(Demo("", local.Local(client)))
    for number in range(QUESTIONS):
        question = drawer.draw(today)
        checks.check(number, question, expected(repository, communities, question, today))
    assert not checks.wrong, "\n".join([checks.summary(), *checks.wrong])
    assert checks.counts["numbers of documents"]
