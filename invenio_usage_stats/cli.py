# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The command line."""

import json
import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from .aggregations.runs import aggregate as run_aggregation
from .errors import UsageStatsError
from .ledger.reconcile import reconcile as run_reconcile
from .operations.doctor import examine
from .operations.setup import setup as run_setup
from .operations.status import status as read_status
from .readiness import require_setup

DAY = click.DateTime(formats=["%Y-%m-%d"])


class Commands(click.Group):
    """Show our errors as sentences, with exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except UsageStatsError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
def usage_stats() -> None:
    """Statistics of records and usage."""


@usage_stats.command()
@with_appcontext
def setup() -> None:
    """Create tables, templates and indices, and record what the repository has. Repeatable."""
    for line in run_setup():
        click.echo(line)


@usage_stats.command()
@click.option("--since", type=DAY, help="First day to aggregate, whatever changed.")
@click.option("--until", type=DAY, help="Last day to aggregate.")
@with_appcontext
def aggregate(since: datetime | None, until: datetime | None) -> None:
    """Aggregate what changed since the last run, or the given days."""
    if since and until and since > until:
        raise click.BadParameter("--since must not be after --until.")
    start, end = (day and day.replace(tzinfo=UTC) for day in (since, until))
    outcomes = run_aggregation(start=start, end=end)
    if not outcomes:
        click.echo("Another run is at work; nothing done.")
    for outcome in outcomes:
        click.echo(f"{outcome.name:28}{outcome.documents:>9} documents{outcome.seconds:>9.1f} s")


@usage_stats.command()
@click.option("--dry-run", is_flag=True, help="Only say what is missing.")
@with_appcontext
def reconcile(dry_run: bool) -> None:
    """Compare the ledger with the repository and record what is missing."""
    require_setup()
    found = run_reconcile(dry_run)
    for (kind, source), count in sorted(found.items()):
        click.echo(f"{kind:10}{source:12}{count:>9}")
    click.echo(f"{sum(found.values())} entries {'missing' if dry_run else 'added'}")


@usage_stats.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def status(as_json: bool) -> None:
    """Show how far each aggregation has come."""
    require_setup()
    state = read_status()
    if as_json:
        click.echo(json.dumps(state, indent=2))
        return
    for row in state["aggregations"]:
        lag = "never run" if row["bookmark"] is None else f"{row['lag_seconds']:>8} s ago"
        click.echo(f"{row['name']:44}{lag}")
    click.echo(
        "ledger: {records} records, {entries} entries, {waiting} waiting".format(**state["ledger"])
    )


@usage_stats.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Check everything; exit code 1 when something needs to be done."""
    findings = list(examine())
    if as_json:
        click.echo(json.dumps([{**f._asdict(), "ok": f.ok} for f in findings], indent=2))
    else:
        for finding in findings:
            mark = "ok  " if finding.ok else "TO DO"
            click.echo(f"{mark:6}{finding.check}: {finding.state} {finding.advice}".rstrip())
    sys.exit(0 if all(finding.ok for finding in findings) else 1)
