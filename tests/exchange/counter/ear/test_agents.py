# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Robots, machines and browsers, by the lists that are bundled and by those that are fetched."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.errors import AgentListError, SetupError
from invenio_usage_stats.exchange.counter import agents
from invenio_usage_stats.exchange.counter.agent_lists import (
    BROWSERS,
    SCRIPTS,
    AgentList,
    bundled,
    check,
    check_published,
    parsed,
    separated,
)
from invenio_usage_stats.exchange.counter.models import CounterAgents

REGULAR, MACHINE, ROBOT = (False, False), (False, True), (True, False)
DAY = date(2026, 3, 1)
LIST = """# Robots
bot
spider
crawl
[^a]fish
slurp
"""


@pytest.fixture(scope="module")
def known() -> AgentList:
    version, patterns = bundled()
    check(patterns)
    return AgentList(version, patterns.robots, patterns.machines)


@pytest.mark.parametrize("user_agent", SCRIPTS)
def test_programs_of_people_are_machines(known, user_agent):
    """CoP RD section 10.5: python, curl, wget and Java must not be on the list of robots."""
    assert known.judge(user_agent)[:2] == MACHINE


@pytest.mark.parametrize("user_agent", BROWSERS)
def test_browsers_are_regular_and_nothing_is_kept_of_them(known, user_agent):
    assert known.judge(user_agent) == (*REGULAR, "")


@pytest.mark.parametrize(
    ("user_agent", "verdict", "agent"),
    [
        ("Java/1.8.0_292", MACHINE, "Java"),
        ("JAVA/1.8.0_292", MACHINE, "JAVA"),
        ("WGET/1.20", MACHINE, "WGET"),
        ("Apache-HttpClient/4.5", MACHINE, "Apache-HttpClient"),
        ("libcurl/7.68.0 r-curl/4.3.2 httr/1.4.3", MACHINE, "libcurl"),
        (None, MACHINE, "no_user_agent"),
        ("", MACHINE, "no_user_agent"),
        (" ", MACHINE, "no_user_agent"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot)", ROBOT, "Googlebot"),
        ("mozilla/5.0 (compatible; GOOGLEBOT/2.1)", ROBOT, "GOOGLEBOT"),
        ("Mozilla/5.0 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://x)", ROBOT, "GPTBot"),
        ("Mozilla/5.0 (X11) AppleWebKit/537.36 HeadlessChrome/120.0.0.0", ROBOT, "HeadlessChrome"),
        ("MyTool/3.2 (linux; de-AT)", REGULAR, "MyTool"),
        ("Mozilla/5.0 (compatible; NewThing/1.0; +http://x)", REGULAR, "NewThing"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", REGULAR, ""),
        ("my-tool-2.1", REGULAR, "my-tool"),
        ("sync 0123456789abcdef", REGULAR, "sync"),
        ("device-0123456789/1.0", REGULAR, "device"),
        ("0123456789", REGULAR, "unnamed"),
    ],
)
def test_verdicts_and_names(known, user_agent, verdict, agent):
    assert known.judge(user_agent) == (*verdict, agent)


def test_a_stored_name_is_judged_as_the_whole_user_agent(known):
    for user_agent in SCRIPTS:
        robot, machine, agent = known.judge(user_agent)
        assert known.judge_program(agent) == (robot, machine), user_agent
    assert known.judge_program("Googlebot") == ROBOT
    assert known.judge_program("") == REGULAR


def test_the_official_list_is_parted():
    found = separated(["bot", "python", r"curl\/", "axios", "rss"], ["RSS", r"curl\\/"], DAY)
    assert found.robots == ("bot",)
    assert found.machines == ("RSS", r"curl\\/", "python", "axios")


def test_published_lists_are_read():
    official = [{"pattern": "bot", "last_changed": "2024-05-01"}, {"pattern": "crawl"}]
    assert parsed(json.dumps(official), DAY) == (["bot", "crawl"], date(2024, 5, 1))
    assert parsed(json.dumps(["bot"]), DAY) == (["bot"], DAY)
    assert parsed(LIST, DAY) == (["bot", "spider", "crawl", "[^a]fish", "slurp"], DAY)
    assert parsed("[^a]fish\nbot", DAY)[0] == ["[^a]fish", "bot"]
    for broken in ('[{"pattern": "bot"}', "[{}]", '[{"pattern": 1}]'):
        with pytest.raises(AgentListError):
            parsed(broken, DAY)


@pytest.mark.parametrize(
    ("robots", "machines"),
    [
        (["bot", "(spider"], ["curl"]),
        (["bot", "gecko"], ["curl"]),
        (["bot"], ["curl", "safari"]),
        (["bot"], []),
        ([], ["curl"]),
        (["<html>", "<title>404</title>"], ["curl"]),
    ],
)
def test_lists_that_cannot_be_right(robots, machines):
    with pytest.raises(AgentListError):
        check_published(separated(robots, machines, DAY))


class TestVersions:
    def test_one_after_the_other(self, listening, tmp_path):
        first = agents.current()
        assert first.version == bundled()[0]
        path = tmp_path / "list.txt"
        path.write_text(LIST)
        assert agents.adopt_published(str(path), None, "mine") == "mine"
        assert agents.current().version == "mine"
        assert [row["version"] for row in agents.versions()] == ["mine", first.version]
        assert agents.verdict("Slurp", "mine") == ROBOT
        assert agents.verdict("Scrapy", first.version) == ROBOT
        assert agents.verdict("Scrapy", "mine") == REGULAR
        agents.adopt_bundled()
        assert agents.current().version == first.version
        with pytest.raises(AgentListError, match="known are"):
            agents.of_version("nobody's")

    def test_a_version_never_changes(self, listening, tmp_path):
        path = tmp_path / "list.txt"
        path.write_text(LIST)
        agents.adopt_published(str(path), None, "mine")
        assert agents.adopt_published(str(path), None, "mine") == "mine"
        path.write_text(LIST + "new-one")
        with pytest.raises(AgentListError, match="--name"):
            agents.adopt_published(str(path), None, "mine")

    def test_a_list_from_the_network(self, listening, tmp_path, web_server):
        (tmp_path / "list.json").write_text('[{"pattern": "bot", "last_changed": "2026-02-03"}]')
        (tmp_path / "machines.txt").write_text("fetcher")
        address = web_server(tmp_path)
        version = agents.adopt_published(f"{address}/list.json", f"{address}/machines.txt", None)
        assert version == "2026-02-03"
        assert agents.verdict("fetcher", version) == MACHINE
        for wrong in (f"{address}/nowhere", "http://127.0.0.1:9/", str(tmp_path / "nothing")):
            with pytest.raises(AgentListError, match="cannot be read"):
                agents.adopt_published(wrong, None, None)

    def test_without_any(self, app):
        with db.engine.begin() as connection:
            connection.execute(sa.delete(CounterAgents.__table__))
        with pytest.raises(SetupError):
            agents.current()
