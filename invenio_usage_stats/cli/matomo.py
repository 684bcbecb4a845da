# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands of what programs report by the tracking API of Matomo."""

from datetime import timedelta

import click

from ..errors import UnknownScopeError
from ..exchange.matomo import consumers, counts, sites, switching
from ..exchange.matomo.hits import REASONS
from ..exchange.matomo.taking import process as store_reported
from ..operations.scopes import community_id
from ..reader.periods import today
from ..readiness import require_setup
from .group import command, usage_stats

DAYS = 30


@usage_stats.group()
def matomo() -> None:
    """Use that programs report, where the repository takes it."""


@command(group=matomo)
def process() -> None:
    """Store all that waits."""
    switching.require_on()
    taken = store_reported()
    click.echo(f"{taken.received} hits received, {taken.stored} stored")
    for reason, number in sorted(taken.rejected.items()):
        click.echo(f"{number:>9}  {REASONS[reason]}")


@command(group=matomo)
@click.option("--days", type=click.IntRange(1), default=DAYS, show_default=True)
def status(days: int) -> None:
    """Show how much came in the last days, and why what was not stored."""
    require_setup()
    rows = counts.between(today() - timedelta(days=days - 1), today())
    for row in rows:
        rejected = sum(row["rejected"].values())
        click.echo("{day}{received:>12} received{stored:>12} stored".format(**row), nl=False)
        click.echo(f"{rejected:>12} rejected")
    for reason, number in counts.total(rows)["rejected"].items():
        click.echo(f"{number:>9}  {REASONS[reason]}")


@command("sites", group=matomo)
@click.option("--add", metavar="COMMUNITY", help="Make this community a site, by its id or slug.")
def show_sites(add: str | None) -> None:
    """Show the numbers of the sites: the repository is 1."""
    require_setup()
    if add:
        sites.number(_community(add))
    for site in sites.sites():
        click.echo(f"{site.id:>9}  {site.main_url}  {site.title}")


@command("consumers", group=matomo)
@click.option("--token", metavar="ID", help="Give this one a new token, and show it once.")
def show_consumers(token: str | None) -> None:
    """Show the programs that are registered."""
    require_setup()
    if token:
        click.echo(consumers.new_token(consumers.consumer_id(token)))
        return
    for one in consumers.registered().values():
        kept = "token" if one.token_hash else ""
        click.echo(f"{one.id:30}{kept:7}{one.title}  {' '.join(one.user_agents)}".rstrip())


def _community(name: str) -> str:
    """Return the id of a community; raise a usage error when nobody knows it."""
    try:
        return community_id(name)
    except UnknownScopeError as error:
        raise click.BadParameter(f"there is no community {name!r}.", param_hint="--add") from error
