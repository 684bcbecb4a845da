# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""API, export and daily documents of the demo, against a direct count of its raw events.

Needs a demo that runs and is not used meanwhile; see docs/contributing.
"""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import urllib3

from invenio_usage_stats.catalog import DIMENSIONS, METRICS

from . import counting
from .asking import API, USAGE_DELTA, Demo, lines_of
from .counting import HOLDINGS, SETS, USAGE
from .drawing import VISITORS, Drawer, Question
from .expecting import Expected, Line, expected
from .repository import Address, Repository, read

pytestmark = pytest.mark.long
QUESTIONS = int(os.environ.get("USAGE_STATS_DEMO_QUESTIONS", "1000"))
SEED = int(os.environ.get("USAGE_STATS_DEMO_SEED", "2026"))
UNIQUES = {"unique_views", "unique_downloads"}
DISTINCT = SETS.keys() - VISITORS - UNIQUES
"""What does not add up over days."""
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
    assert {metric.id for metric in METRICS} == {*USAGE, *HOLDINGS}
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
        print(f"\n{checks.summary()}")
    assert read(address, as_of(demo)).stored == repository.stored, "the demo was used meanwhile"
    assert not checks.wrong, "\n".join([f"{len(checks.wrong)} wrong:", *checks.wrong[:SHOWN]])


class Checks:
    """Hold answers against what is expected, and remember what differs."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.counts = demo, Counter()
        self.wrong: list[str] = []

    def summary(self) -> str:
        """Return what was compared."""
        asked = dict(sorted(self.demo.requests.items()))
        return f"seed {SEED}: {dict(sorted(self.counts.items()))}; answers by status: {asked}"

    def check(self, number: int, question: Question, wanted: Expected) -> None:
        """Ask a question in every way, and compare."""
        self.counts[question.kind] += 1
        try:
            if self._refused(question):
                return
            answer = self.demo.answer(question)
            self._same_answer(question, answer, wanted)
            notes = {note["code"] for note in answer["notes"]}
            self._same_export(question, wanted, notes)
            self._same_documents(question, wanted)
        except AssertionError as difference:
            text = " ".join(str(difference).split())[:600]
            self.wrong.append(f"#{number} {question.path}/{question.kind}")
            self.wrong[-1] += f" {question.parameters}: {text}"

    def _same_export(self, question: Question, wanted: Expected, notes: Iterable[str]) -> None:
        """Compare the CSV; series come one stretch of time after the other."""
        found, lines = self.demo.export(question), wanted.lines
        if question.kind == "series":
            found, lines = (sorted(some, key=lambda line: line[:3]) for some in (found, lines))
        self._same("export", found, lines, notes)

    def _refused(self, question: Question) -> bool:
        """Tell whether a question has no exact answer, where the definitions allow that.

        Unique views and downloads of records are corrected for few days with changes only.
        """
        if question.dimension != "records" or question.metrics[0] not in UNIQUES:
            return False
        refused = self.demo.refuses(question, "cannot rank these records exactly")
        self.counts["refused"] += refused
        return refused

    def _same_answer(self, question: Question, answer: dict[str, Any], wanted: Expected) -> None:
        """Compare an answer in JSON."""
        days = tuple(date.fromisoformat(answer["period"][name]) for name in ("since", "until"))
        assert days == wanted.period, f"period: {days}, expected {wanted.period}"
        notes = {note["code"] for note in answer["notes"]}
        shown = set(wanted.ids[: question.size]) if question.dimension else set(wanted.ids)
        lines = [line for line in wanted.lines if line.id in shown]
        self._same("answer", lines_of(question, answer), lines, notes)
        if wanted.totals is not None:
            assert answer["count"] == len(wanted.ids), f"count {answer['count']}"
            self._same_numbers("totals", answer["totals"], wanted.totals, notes)
        if wanted.missing is not None:
            self._same_numbers("missing", answer["missing"], wanted.missing, notes)

    def _same(self, what: str, found: list[Line], wanted: list[Line], notes: Iterable[str]) -> None:
        """Compare lines in order."""
        names = [line[:3] for line in found], [line[:3] for line in wanted]
        if names[0] != names[1]:
            pairs = enumerate(zip(*names, strict=False))
            at = next((n for n, (a, b) in pairs if a != b), min(map(len, names)))
            found, wanted = found[at : at + 3], wanted[at : at + 3]
            assert not names, f"{what}, line {at}: {found}, expected {wanted}"
        for one, other in zip(found, wanted, strict=True):
            self._same_number(f"{what} {one[:3]}", one.metric, one.value, other.value, notes)

    def _same_numbers(self, what: str, found: dict, wanted: dict, notes: Iterable[str]) -> None:
        """Compare numbers by metric."""
        assert found.keys() == wanted.keys(), f"{what}: {found}, expected {wanted}"
        for metric, value in found.items():
            self._same_number(f"{what} {metric}", metric, value, wanted[metric], notes)

    def _same_number(
        self, what: str, metric: str, found: int | None, wanted: int, notes: Iterable[str]
    ) -> None:
        """Compare a number; none is right only where a note says why."""
        self.counts["numbers"] += 1
        if found is None:
            self.counts["left out"] += 1
            explained = {"visitors", "inexact"} & set(notes) and metric in VISITORS | UNIQUES
            assert explained, f"{what}: no number and no note, expected {wanted}"
        else:
            assert found == wanted, f"{what}: {found}, expected {wanted}"

    def _same_documents(self, question: Question, wanted: Expected) -> None:
        """Compare with daily documents what they tell: totals, and points of one day."""
        plain = not (question.dimension or question.wanted or question.of_record or question.works)
        if not plain or question.kind == "top":
            return
        for line in wanted.lines:
            found = self._from_documents(question, line, wanted.period)
            if found is not None:
                self.counts["numbers of documents"] += 1
                text = f"documents {line[:3]}: {found}, expected {line.value}"
                assert found == line.value, text

    def _from_documents(self, question: Question, line: Line, period: tuple) -> int | None:
        """Return a number as daily documents tell it; none where they do not."""
        scope, day, basis = question.scope, date.fromisoformat(line.date), question.basis
        if line.metric in HOLDINGS and question.kind == "totals":
            return self.demo.holdings(basis, scope, day)[line.metric]
        if question.cumulative or question.interval not in (None, "day"):
            return None
        if line.metric in HOLDINGS:
            return self.demo.day(f"community-record-delta-{basis}", scope, day)[line.metric]
        since = period[0] if question.kind == "totals" else day
        if line.metric in DISTINCT and since != day:
            return None
        days = (since + timedelta(days=n) for n in range((day - since).days + 1))
        return sum(self.demo.day(USAGE_DELTA, scope, one)[line.metric] for one in days)
