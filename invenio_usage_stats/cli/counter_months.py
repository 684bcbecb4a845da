# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands that count months by COUNTER's rules, count them again, and show how they stand."""

from datetime import datetime
from typing import Any

import click

from ..exchange.counter import monthly, recount
from ..exchange.counter.counting import Count
from ..exchange.counter.generations import shown
from .counter import counter
from .group import command

ROW = "{:9}{:>7}  {:26}{:8}{:>12}{:>9}  {}"
NUMBER = "{:42}{:>12}{:>12}{:>+12}"


class Month(click.DateTime):
    """Be a month as text, such as 2026-01."""

    name = "month"

    def __init__(self) -> None:
        super().__init__(formats=["%Y-%m"])

    def get_metavar(self, *_arguments: Any, **_options: Any) -> str:
        """Return how help texts show it."""
        return "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the month; fail when there is no such month."""
        moment: datetime = super().convert(value, param, ctx)
        return f"{moment:%Y-%m}"


@command(group=counter)
@click.argument("month", type=Month(), required=False)
def count(month: str | None) -> None:
    """Count open months that have anything new, or the given one whatever is new."""
    counts = [monthly.count(month)] if month else monthly.count_open()
    for one in counts:
        click.echo(_of_count(one))
    if not counts:
        click.echo("Nothing is new.")
    for late, events in monthly.waiting().items():
        click.echo(f"{late}: closed; {events} late events wait, see 'counter recount {late}'")


@command(group=counter)
def months() -> None:
    """Show each month: its count and list of robots, its events, and those that came late."""
    waiting = monthly.waiting()
    click.echo(ROW.format("month", "count", "list", "state", "events", "late", "counted").rstrip())
    for one in shown().values():
        state, late = "closed" if one.closed else "open", waiting.get(one.month, 0)
        counted = f"{one.counted_at:%Y-%m-%d %H:%M:%S}"
        cells = (one.month, one.generation, one.list_version, state, one.events, late, counted)
        click.echo(ROW.format(*cells))


@command("recount", group=counter)
@click.argument("month", type=Month())
@click.option("--list", "list_version", help="Version of the list of robots; default: the present.")
@click.option("--apply", "applies", is_flag=True, help="Show the new count from now on.")
@click.option("--rollback", "goes_back", is_flag=True, help="Show the count before it again.")
def recount_month(month: str, list_version: str | None, applies: bool, goes_back: bool) -> None:
    """Count a closed month again: by another list, or with events that came late.

    Without --apply nothing changes, and only the difference is shown.
    """
    if goes_back and (applies or list_version):
        raise click.UsageError("--rollback goes back, and takes neither --apply nor --list.")
    if goes_back:
        click.echo(f"{month}: count {recount.roll_back(month)} is shown again")
        return
    if not applies:
        _show(recount.preview(month, list_version))
        click.echo("Nothing was changed; --apply does it.")
        return
    done, found = recount.apply(month, list_version)
    _show(found)
    click.echo(f"{_of_count(done)}; --rollback goes back")


def _of_count(one: Count) -> str:
    """Return a count as a line."""
    return f"{one.month}: count {one.generation}: {one.events} events, {one.documents} documents"


def _show(found: recount.Difference) -> None:
    """Print what counting a month again changes."""
    click.echo(f"{found.month}: list {found.before} -> {found.after}, {found.late} late events")
    for id_, (before, after) in found.counts.items():
        click.echo(NUMBER.format(id_, before, after, after - before))
    click.echo(f"{found.datasets} versions of datasets have other numbers")
