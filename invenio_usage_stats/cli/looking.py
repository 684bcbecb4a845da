# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands that look and change nothing: status, doctor, verify."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from ..operations.doctor import Outcome, examine, exit_code
from ..operations.status import healthy, lines
from ..operations.status import status as read_status
from ..operations.verify import Comparison, Note, Question
from ..operations.verify import verify as run_verify
from ..readiness import require_setup
from .group import command, period_of, period_options, scope_id, scope_option

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
MARKS = {Outcome.OK: "ok", Outcome.TO_DO: "TO DO", Outcome.UNKNOWN: "?"}
COLUMNS = "{:44} {:38} {:10} {:>14} {:>14}  {}"
PAUSE = 0.5
"""Seconds between two lines of progress."""


@command()
@click.option(
    "--runs",
    type=click.IntRange(1, 1_000),
    default=1,
    show_default=True,
    help="Show as many runs of each step.",
)
@json_option
def status(runs: int, as_json: bool) -> None:
    """Show how far each aggregation has come; exit code 1 when something is behind."""
    require_setup()
    state = read_status(runs)
    if as_json:
        click.echo(json.dumps(state, indent=2))
    else:
        for line in lines(state):
            click.echo(line)
    sys.exit(0 if healthy(state) else 1)


@command()
@json_option
def doctor(as_json: bool) -> None:
    """Check everything; exit code 1: something is to be done, 2: something cannot be examined."""
    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            mark = MARKS[finding.outcome]
            click.echo(f"{mark:6}{finding.check}: {finding.state} {finding.advice}".rstrip())
    if as_json:
        click.echo(json.dumps([finding.plain() for finding in findings], indent=2))
    sys.exit(exit_code(findings))


@command()
@period_options()
@scope_option
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=1_000,
    show_default=True,
    help="Show as many differences; all are counted.",
)
@json_option
def verify(
    since: datetime | None, until: datetime | None, scope: str | None, limit: int, as_json: bool
) -> None:
    """Compare what is stored with what it was made from; exit code 1 when anything differs."""
    require_setup()
    question = Question(period_of(since, until), scope_id(scope))
    report = _Report(limit, as_json)
    for found in _with_progress(run_verify(question)):
        report.take(found)
    report.end()
    sys.exit(1 if report.different else 0)


def _with_progress(found: Iterator[Comparison | Note]) -> Iterator[Comparison | Note]:
    """Yield everything, and show on a terminal how far it is."""
    shown, count = time.monotonic(), 0
    terminal = sys.stderr.isatty()
    for count, one in enumerate(found, 1):
        if terminal and isinstance(one, Comparison) and time.monotonic() - shown > PAUSE:
            shown = time.monotonic()
            click.echo(f"\r\033[K{count} compared: {one.what} {one.day or ''}", nl=False, err=True)
        yield one
    if terminal and count:
        click.echo("\r\033[K", nl=False, err=True)


class _Report:
    """Print differences as they are found, or keep some of them for JSON."""

    def __init__(self, limit: int, as_json: bool) -> None:
        self.limit = limit
        self.as_json = as_json
        self.compared = self.different = 0
        self.notes: list[str] = []
        self.differences: list[dict[str, Any]] = []

    def take(self, found: Comparison | Note) -> None:
        """Take a comparison or a note."""
        if isinstance(found, Note):
            self.notes.append(found.text)
            return
        self.compared += 1
        if found.differs:
            self.different += 1
            if self.different <= self.limit:
                self._show(found)

    def _show(self, found: Comparison) -> None:
        """Print or keep a difference."""
        day = str(found.day or "")
        if self.as_json:
            self.differences.append({**found._asdict(), "day": day or None})
            return
        if self.different == 1:
            click.echo(COLUMNS.format("what", "scope", "day", "ours", "theirs", "remark").rstrip())
        cells = (found.what, found.scope, day, found.ours, found.theirs, found.remark)
        click.echo(COLUMNS.format(*cells).rstrip())

    def end(self) -> None:
        """Print the sum of it."""
        if self.as_json:
            counts = {"compared": self.compared, "different": self.different}
            parts = {"differences": self.differences, "notes": self.notes}
            click.echo(json.dumps({**counts, **parts}, indent=2))
            return
        if self.different > self.limit:
            click.echo(f"and {self.different - self.limit} more")
        for note in self.notes:
            click.echo(f"note: {note}")
        click.echo(f"{self.compared} things compared, {self.different} differ")
