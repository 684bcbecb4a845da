# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Any use of the repository's own services: ledger, documents and database say the same."""

from datetime import timedelta

import pytest
from hypothesis import assume, given, note, seed
from hypothesis import strategies as st
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import PRODUCTS, RECORD_SNAPSHOTS, SHEETS, full_name
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import today

from .. import content
from ..aggregations.test_random_histories import everything
from ..ledger.test_routes import entries
from ..world import answer, forget_world, wipe
from .comparing import check_equal
from .living import beginning, check_against_oracle
from .repository import Repository, world_of_ledger
from .test_histories import USUAL

ACTIONS = (
    "publish use use submit version edit access join bulk ask leave leave delete restore close run"
)
STEP = st.tuples(st.sampled_from(ACTIONS.split()), st.integers(0, 7), st.integers(0, 7))
STEPS = st.tuples(*[st.lists(STEP, max_size=10)] * 3).map(
    lambda parts: [step for part in parts for step in part]
)


@pytest.fixture(autouse=True)
def forgetful(app):
    """Let the tests that follow load their worlds anew."""
    yield
    wipe()
    forget_world()


LONG = [pytest.param(number, marks=pytest.mark.long) for number in range(3, 23)]


@pytest.mark.parametrize("number", [*range(3), *LONG])
def test_use_of_services(people, number: int):
    def check(steps: list) -> None:
        assume(steps)
        for step in steps:
            note(str(step))
        with beginning():
            reconcile()
            use(
                Repository(people, [content.create_community(people["owner"]) for _ in "ab"]), steps
            )

    seed(number)(USUAL(given(STEPS)(check)))()


def use(repository: Repository, steps: list) -> None:
    """Use a repository step by step, and compare."""
    for action, number, other in [("publish", 0, 1), *steps]:
        if action == "run":
            aggregate()
        else:
            repository.do(action, number, other)
    aggregate()
    for record, expected in repository.entries.items():
        assert entries(record) == expected, record
    assert not reconcile(dry_run=True)
    check_against_oracle(world_of_ledger(repository.events))
    grown = everything()
    rebuild()
    check_equal(everything(), grown)
    check_against_database()


def rebuild() -> None:
    """Make all documents anew from the ledger and the events."""
    aliases = [*(product.target for product in PRODUCTS), SHEETS.target]
    current_search_client.delete_by_query(
        index=",".join([*aliases, full_name("stats-bookmarks")]),
        body={"query": {"match_all": {}}},
        params={"conflicts": "proceed", "refresh": "true", "ignore_unavailable": "true"},
    )
    current_usage_stats.timelines.clear()
    aggregate()


def check_against_database() -> None:
    """Compare what is there now with what a ledger says that never saw how it came about."""
    scopes = world_of_ledger([]).scopes()
    before = state_of(scopes)
    wipe()
    reconcile()
    aggregate()
    check_equal(state_of(scopes), before)


def state_of(scopes: list[str]) -> list[dict]:
    """Return what scopes hold today."""
    day = today() + timedelta(days=1)
    return [answer(p, scope, day, day)[day] for p in RECORD_SNAPSHOTS for scope in scopes]
