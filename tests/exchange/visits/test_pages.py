# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Landing pages of communities emit visits, and what is stored of them names nobody."""

from collections.abc import Iterator

import pytest
from invenio_queues.proxies import current_queues
from invenio_search import current_search_client
from invenio_stats.proxies import current_stats
from jinja2 import ChoiceLoader, DictLoader

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.templates.generator import properties
from invenio_usage_stats.errors import SetupError
from invenio_usage_stats.exchange.visits.events import NAME, QUEUE
from invenio_usage_stats.exchange.visits.fields import PROPERTIES
from invenio_usage_stats.indices import ALL_EVENTS, SHEETS, VISIT, full_name, refresh, scroll
from invenio_usage_stats.operations.setup import setup
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.readiness import require_setup
from invenio_usage_stats.tasks import visits as store_visits

from ...conftest import browsing
from ...content import BROWSER, create_community, update_community
from ...world import forget_world, wipe
from .stored import stored

ROBOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
HIDDEN = {"ip_address", "user_agent", "user_id", "session_id"}
THEME = {"enabled": True, "brand": "own", "style": {}}


@pytest.fixture(autouse=True)
def empty(app) -> Iterator[None]:
    """Begin and end with nothing, neither stored nor waiting."""
    forget_world()
    wipe()
    waiting()
    yield
    waiting()
    wipe()


@pytest.fixture(scope="module")
def communities(people) -> dict[str, str]:
    """Return a community, one that few may see, and one with a theme of its own."""
    found = {
        "open": create_community(people["owner"]),
        "hidden": create_community(people["owner"], "restricted"),
        "themed": create_community(people["owner"]),
    }
    update_community(found["themed"], theme=THEME)
    return found


@pytest.fixture
def themed(app, monkeypatch) -> None:
    """Let there be the home page that a site makes for communities with a theme."""
    home = DictLoader({"invenio_communities/details/home/index.html": "Welcome!"})
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([home, app.jinja_env.loader]))


def waiting() -> list[dict]:
    """Return the visits that wait, and take them away."""
    return list(current_queues.queues[QUEUE].consume())


def visit(app, community: str, page: str = "records", person=None, **request) -> int:
    """Return the status of a page of a community."""
    with browsing(app, person) as client:
        headers = request.pop("headers", BROWSER)
        address = f"/communities/{community}/{page}"
        return client.open(address, headers=headers, **request).status_code


def test_a_visit_is_stored_without_who_it_was(app, communities, people):
    assert visit(app, communities["open"]) == 200
    assert visit(app, communities["open"], person=people["stranger"]) == 200
    assert visit(app, communities["open"], headers=ROBOT) == 200
    store_visits()
    index = full_name(ALL_EVENTS[VISIT])
    refresh(index)
    sources = [hit["_source"] for hit in scroll(index, {"match_all": {}})]
    assert len(sources) == 2
    for source in sources:
        assert source["community_id"] == communities["open"]
        assert not source["is_robot"] and source["visitor_id"] and source["unique_session_id"]
        assert not HIDDEN & source.keys() and source.keys() <= PROPERTIES.keys()
    aggregate()
    (numbers,) = {tuple(found.items()) for found in stored()[0].values()}
    assert dict(numbers) == {"total_events": 2, "unique_visits": 2, "unique_visitors": 2}


def test_quick_reloads_are_one_visit(app, communities):
    for _ in range(3):
        visit(app, communities["open"])
    seconds = {event["timestamp"][:18] for event in waiting_again()}
    store_visits()
    index = full_name(ALL_EVENTS[VISIT])
    refresh(index)
    assert len(list(scroll(index, {"match_all": {}}))) == len(seconds)


def waiting_again() -> list[dict]:
    """Return the visits that wait, and let them wait again."""
    found = waiting()
    current_stats.publish(NAME, found)
    return found


@pytest.mark.parametrize(
    "community, page, counts",
    [
        ("open", "records", True),
        ("open", "", False),
        ("open", "about", False),
        ("open", "browse", False),
        ("open", "stats", False),
        ("hidden", "records", False),
        ("themed", "", True),
        ("themed", "records", False),
    ],
)
def test_which_pages_count(app, communities, themed, community, page, counts):
    visit(app, communities[community], page)
    assert [event["community_id"] for event in waiting()] == [communities[community]] * counts


def test_what_is_not_looked_at_does_not_count(app, communities, monkeypatch):
    visit(app, communities["open"], method="HEAD")
    assert waiting() == []
    monkeypatch.setitem(app.config, "USAGE_STATS_VISITS", False)
    assert visit(app, communities["open"]) == 200
    assert waiting() == []


def test_a_page_is_shown_although_its_visit_cannot_be_sent(app, communities, monkeypatch):
    queue = current_queues.queues[QUEUE]
    monkeypatch.setattr(queue, "publish", lambda events: 1 / 0)
    assert visit(app, communities["open"]) == 200


def test_a_site_that_upgrades_is_set_up_for_visits():
    name = full_name(f"usage-stats-{NAME}-v1.0.0")
    mapping = properties(SHEETS)["totals"]["properties"]
    fields = {metric.field for metric in current_usage_stats.catalog.visits}
    assert mapping[VISIT]["properties"].keys() == fields
    current_search_client.indices.delete_template(name=name)
    current_queues.queues[QUEUE].queue.delete()
    with pytest.raises(SetupError, match=NAME):
        require_setup()
    lines = list(setup())
    assert "visits of communities: queue declared" in lines
    require_setup()
    assert current_queues.queues[QUEUE].exists
