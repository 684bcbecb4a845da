# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands that write reports and send them to the hub."""

from pathlib import Path
from typing import Any

import click

from ..exchange.datacite.hub import sending, sent
from ..exchange.datacite.reports.files import write_report
from ..exchange.datacite.reports.spans import first_day
from .counter import counter, require_on
from .group import command

JSON, TSV = "json", "tsv"


def _month(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return a month; raise a usage error for anything else."""
    try:
        first_day(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return value


month_argument = click.argument("month", metavar="YYYY-MM", callback=_month)


@command(group=counter)
@month_argument
@click.option("--format", "kind", type=click.Choice([JSON, TSV]), default=JSON, show_default=True)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, exists=True, writable=True, path_type=Path),
    default=".",
    help="Where to write it; default: here.",
)
def report(month: str, kind: str, folder: Path) -> None:
    """Write the Dataset Master Report of a month: as the hub takes it, or as a table."""
    require_on()
    paths = write_report(sending.counted(month), folder, table=kind == TSV)
    for path in paths:
        click.echo(path)
    if not paths:
        click.echo("There is no use to be told of.")


@command(group=counter)
@month_argument
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
def send(month: str, dry_run: bool) -> None:
    """Send the report of a month to the hub; given again, it is replaced there."""
    require_on()
    for line in sending.send(month, dry_run):
        click.echo(line)


@command("sent", group=counter)
@click.option(
    "--last",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="Show as many attempts.",
)
def show_sent(last: int) -> None:
    """Show what was sent to the hub, the last attempt first."""
    require_on()
    for row in sent.last_attempts(last):
        click.echo(_line(row))


def _line(row: dict[str, Any]) -> str:
    """Return an attempt as a line."""
    if not row["part"]:
        return f"{row['sent_at']:%Y-%m-%d %H:%M} {row['month']} count {row['generation']}: no use"
    text = (
        "{sent_at:%Y-%m-%d %H:%M} {month} count {generation}: {method} part {part}/{parts}, "
        "{datasets} datasets, {bytes} bytes, {status} {report_id} {reason}"
    )
    shown = {**row, "report_id": row["report_id"] or "", "status": row["status"] or "no answer"}
    return text.format(**shown).rstrip()
