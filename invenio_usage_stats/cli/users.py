# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands of use by user."""

import click
from invenio_accounts.proxies import current_datastore

from ..exchange.reports.users import store, switching
from ..exchange.reports.users.consumer import process as count_by_user
from ..readiness import require_setup
from .group import command, usage_stats


@usage_stats.group()
def users() -> None:
    """Use by user, where the repository counts it."""


@command(group=users)
def process() -> None:
    """Count all events that wait."""
    switching.require_on()
    taken = count_by_user()
    click.echo(f"{taken.received} events received, {taken.stored} rows counted")


@command(group=users)
@click.argument("user", metavar="EMAIL|ID")
@click.option("--refuse", is_flag=True, help="Also count nothing of this user from now on.")
def erase(user: str, refuse: bool) -> None:
    """Delete what is stored of a user; the totals stay as they are.

    What the user does from then on is counted anew, unless they have refused it.
    """
    require_setup()
    by_id = user.isdecimal()
    look = current_datastore.get_user_by_id if by_id else current_datastore.get_user_by_email
    found = look(user)
    if found is None:
        raise click.BadParameter(f"there is no user {user!r}.", param_hint="EMAIL|ID")
    rows = store.refuse(found.id) if refuse else store.erase(found.id)
    click.echo(f"{rows} rows deleted")
