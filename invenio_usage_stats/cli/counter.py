# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands of what is counted by the Code of Practice for Research Data."""

import click

from ..exchange.counter import agents, quarantine
from ..exchange.counter.consumer import process as store_events
from ..exchange.switch import require_on
from ..readiness import require_setup
from .group import command, usage_stats

LIST = (
    "{version:28}{dated!s:12}{robots:>6} robots{machines:>6} machines  {since:%Y-%m-%d}  {source}"
)


@usage_stats.group()
def counter() -> None:
    """Usage by the Code of Practice for Research Data."""


@command(group=counter)
def process() -> None:
    """Store all events that wait; exit code 1 when some could not be stored."""
    require_on()
    taken = store_events()
    click.echo(f"{taken.received} events received, {taken.stored} stored")
    if held := taken.quarantined:
        text = f"{held} could not be stored: see 'invenio usage-stats counter quarantine'."
        raise click.ClickException(text)


@command("quarantine", group=counter)
@click.option("--again", is_flag=True, help="Store those that can be stored by now.")
@click.option("--drop", is_flag=True, help="Forget all of them.")
def show_quarantine(again: bool, drop: bool) -> None:
    """Show why events could not be stored, try again, or forget them."""
    if again and drop:
        raise click.UsageError("Only one of --again and --drop.")
    require_setup()
    if again:
        stored, left = quarantine.try_again()
        click.echo(f"{stored} events stored, {left} left")
    elif drop:
        click.echo(f"{quarantine.drop()} events forgotten")
    else:
        _show(quarantine.state())


def _show(state: dict) -> None:
    """Print how many events are kept, and why."""
    click.echo(f"{state['quarantined']} events")
    for row in state["reasons"]:
        click.echo("{count:>9}  since {since:.19}  {reason}".format(**row))


@command(group=counter)
@click.option("--update", metavar="FILE|URL", help="Use this list of robots from now on.")
@click.option("--machines", metavar="FILE|URL", help="With --update: the list of machines, too.")
@click.option("--name", help="With --update: what to call it; default: the day it is of.")
@click.option("--bundled", is_flag=True, help="Use the lists that counter-robots comes with.")
def lists(update: str | None, machines: str | None, name: str | None, bundled: bool) -> None:
    """Show the versions of the lists of robots and machines, the present one first.

    A new one is for the events that come, and for open months; closed ones stay as they are.
    """
    if (machines or name) and not update:
        raise click.UsageError("--machines and --name need --update.")
    if update and bundled:
        raise click.UsageError("Only one of --update and --bundled.")
    require_setup()
    if bundled:
        agents.adopt_bundled()
    elif update:
        agents.adopt_published(update, machines, name)
    for row in agents.versions():
        click.echo(LIST.format(**row))
