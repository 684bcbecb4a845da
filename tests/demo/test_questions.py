# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""API, export and daily documents of the demo, against a direct count of its raw events.

Needs a demo that runs and is not used meanwhile; see docs/contributing.
"""

import os
from datetime import UTC, datetime

import pytest
import urllib3

from invenio_usage_stats.catalog import DIMENSIONS, METRICS
from invenio_usage_stats.catalog.base import VISITS

from . import counting
from .asking import API, Demo
from .checking import Checks
from .counting import HOLDINGS, USAGE
from .drawing import Drawer
from .expecting import expected
from .repository import Address, Repository, read

pytestmark = pytest.mark.long
QUESTIONS = int(os.environ.get("USAGE_STATS_DEMO_QUESTIONS", "1000"))
SEED = int(os.environ.get("USAGE_STATS_DEMO_SEED", "2026"))
SHOWN = 20
"""As many wrong answers are shown."""


@pytest.fixture(scope="module")
def address() -> Address:
    """Return where the demo is."""
    folder = os.environ.get("USAGE_STATS_DEMO_INSTANCE")
    if not folder:
        pytest.skip("there is no demo here: ./run-demo.sh, then ./run-tests.sh --long tests/demo")
    found = Address.of_instance(folder)
    try:
        urllib3.request("GET", f"{found.url}{API}/openapi.json", retries=False, timeout=60)
    except urllib3.exceptions.HTTPError:
        pytest.skip(f"the demo at {found.url} does not answer: start it by ./run-demo.sh")
    return found


@pytest.fixture(scope="module")
def demo(address: Address) -> Demo:
    """Return the demo, to be asked."""
    return Demo(address.url)


@pytest.fixture(scope="module")
def repository(address: Address, demo: Demo) -> Repository:
    """Return the demo's raw data, as far as the package can know it."""
    return read(address, as_of(demo))


def as_of(demo: Demo) -> datetime:
    """Return up to when everything is counted."""
    moment = demo.get(f"{API}/global/totals")["freshness"]["as_of"]
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None)


def test_the_direct_count_knows_the_whole_catalog():
    assert {m.id for m in METRICS if m.family != VISITS} == {*USAGE, *HOLDINGS}
    shown = {dimension.id for dimension in DIMENSIONS if not dimension.hidden}
    assert shown == {*counting.OF_BOTH, *counting.OF_RECORDS, *counting.OF_EVENTS}


def test_random_questions(demo: Demo, repository: Repository, address: Address, capsys):
    communities = demo.communities()
    drawer = Drawer(repository, communities, SEED)
    checks = Checks(demo)
    for number in range(QUESTIONS):
        today = datetime.now(UTC).date()
        question = drawer.draw(today)
        wanted = expected(repository, communities, question, today)
        checks.check(number, question, wanted)
    with capsys.disabled():
        print(f"\nseed {SEED}: {checks.summary()}")
    assert read(address, as_of(demo)).stored == repository.stored, "the demo was used meanwhile"
    assert not checks.wrong, "\n".join([f"{len(checks.wrong)} wrong:", *checks.wrong[:SHOWN]])
