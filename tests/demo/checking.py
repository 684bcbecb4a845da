# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Holding answers, exports and daily documents against a direct count."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from .asking import API, USAGE_DELTA, Demo, lines_of
from .counting import HOLDINGS, SETS, WHOLE
from .drawing import VISITORS, Question
from .expecting import Expected, Line

UNIQUES = {"unique_views", "unique_downloads"}
DISTINCT = SETS.keys() - VISITORS - UNIQUES
"""What does not add up over days."""


class Checks:
    """Hold answers against what is expected, and remember what differs."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.counts = demo, Counter()
        self.wrong: list[str] = []

    def summary(self) -> str:
        """Return what was compared."""
        asked = dict(sorted(self.demo.requests.items()))
        return f"{dict(sorted(self.counts.items()))}; answers by status: {asked}"

    def check(self, number: int, question: Question, wanted: Expected) -> None:
        """Ask a question in every way, and compare."""
        self.counts[question.kind] += 1
        try:
            answer = self.demo.answer(question)
            self._same_answer(question, answer, wanted)
            notes = {note["code"] for note in answer["notes"]}
            self._same_export(question, wanted, notes)
            self._same_documents(question, wanted)
            self._same_comparison(question, wanted)
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

    def _same_answer(self, question: Question, answer: dict[str, Any], wanted: Expected) -> None:
        """Compare an answer in JSON."""
        days = tuple(date.fromisoformat(answer["period"][name]) for name in ("since", "until"))
        assert days == wanted.period, f"period: {days}, expected {wanted.period}"
        notes = {note["code"] for note in answer["notes"]}
        shown = {WHOLE, *wanted.ids[: question.size]}
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
            explained = {"visitors", "inexact"} & set(notes) and metric in VISITORS
            assert explained, f"{what}: no number and no note, expected {wanted}"
        else:
            assert found == wanted, f"{what}: {found}, expected {wanted}"

    def _same_comparison(self, question: Question, wanted: Expected) -> None:
        """Compare the numbers of the period right before, where anything was recorded then."""
        if wanted.before is None:
            return
        answer = self.demo.get(
            f"{API}/{question.path}/totals", [*question.parameters, ("compare", "previous")]
        )
        for metric, total in answer["metrics"].items():
            found, was = total["compared"], wanted.before[metric]
            self.counts["numbers of earlier periods"] += 1
            if None in (total["value"], found["value"]):
                assert not was or metric in VISITORS, f"before, {metric}: {found}, expected {was}"
            else:
                change = total["value"] - was
                text = f"before, {metric}: {found}, expected {was} and {change}"
                assert (found["value"], found["change"]) == (was, change), text

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
