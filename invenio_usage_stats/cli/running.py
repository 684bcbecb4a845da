# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands that set up, aggregate, repair and remove."""

import sys
from datetime import UTC, datetime

import click

from ..aggregations.runs import aggregate as run_aggregation
from ..ledger.reconcile import reconcile as run_reconcile
from ..ledger.reconcile import unreadable
from ..operations.purge import purge
from ..operations.setup import setup as run_setup
from ..readiness import require_setup
from .group import command, period_of, period_options


@command()
def setup() -> None:
    """Create tables, templates and indices, and record what the repository has. Repeatable."""
    for line in run_setup():
        click.echo(line)


@command()
@period_options("without any day: what changed since the last run")
def aggregate(since: datetime | None, until: datetime | None) -> None:
    """Aggregate what changed since the last run, or the given days."""
    period_of(since, until)
    start, end = (day and day.replace(tzinfo=UTC) for day in (since, until))
    outcomes = run_aggregation(start=start, end=end)
    if not outcomes:
        raise click.ClickException("Another run is at work; nothing done.")
    for outcome in outcomes:
        click.echo(
            f"{outcome.name:28}{outcome.documents:>9} documents{outcome.seconds:>9.1f} s  "
            f"{outcome.reason}".rstrip()
        )
    failed = [outcome.name for outcome in outcomes if outcome.outcome == "failed"]
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}")


@command()
@click.option("--dry-run", is_flag=True, help="Only say what is missing.")
def reconcile(dry_run: bool) -> None:
    """Compare the ledger with the repository and record what is missing.

    With --dry-run, exit code 1 when anything is missing.
    """
    require_setup()
    found = run_reconcile(dry_run)
    for (kind, source), count in sorted(found.items()):
        click.echo(f"{kind:10}{source:12}{count:>9}")
    count = sum(found.values())
    click.echo(f"{count} entries {'missing' if dry_run else 'added'}")
    if problems := unreadable():
        click.echo(f"{len(problems)} records cannot be read, first: {problems[0]['reason']}")
    sys.exit(1 if dry_run and count else 0)


@command()
@click.option("--all", "everything", is_flag=True, required=True, help="Remove everything.")
@click.option("--yes-i-know", is_flag=True, help="Confirm that the history is lost for ever.")
@click.option("--dry-run", is_flag=True, help="Only say what there is.")
def remove(everything: bool, yes_i_know: bool, dry_run: bool) -> None:
    """Remove everything that this module has stored; what the repository has stays."""
    if not everything:
        raise click.UsageError("Nothing but everything can be removed: --all.")
    if not (yes_i_know or dry_run):
        raise click.UsageError(
            "This deletes the history of memberships, which cannot be made again. "
            "See what there is with --dry-run; confirm with --yes-i-know."
        )
    for line in purge(dry_run):
        click.echo(line)
    click.echo("Nothing was removed." if dry_run else "Removed.")
