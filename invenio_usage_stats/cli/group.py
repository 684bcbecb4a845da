# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The group of commands, and the options that several of them have."""

from collections.abc import Callable
from datetime import date, datetime

import click
from amqp.exceptions import AMQPError
from flask.cli import with_appcontext
from invenio_search.engine import search
from kombu.exceptions import KombuError
from sqlalchemy.exc import SQLAlchemyError

from ..errors import UnknownScopeError, UsageStatsError
from ..operations.doctor import SERVERS
from ..operations.scopes import scope_id as known_scope_id
from ..reader.periods import FIRST_DAY, LAST_DAY, Period

DAY = click.DateTime(formats=["%Y-%m-%d"])


class Commands(click.Group):
    """Show our errors, and those of servers, as sentences, with exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except UsageStatsError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            raise
        except SERVERS as error:
            raise click.ClickException(_of_server(error)) from error


def _of_server(error: Exception) -> str:
    """Return which server failed, and how."""
    if isinstance(error, search.ConnectionError):
        return f"The search engine does not answer: {error}"
    if isinstance(error, search.OpenSearchException):
        return f"The search engine refused a request: {error}"
    if isinstance(error, SQLAlchemyError):
        return f"The database does not answer: {getattr(error, 'orig', error)}"
    if isinstance(error, AMQPError | KombuError):
        return f"The message broker does not answer: {error}"
    return f"A server does not answer: {error}"


@click.group(cls=Commands)
def usage_stats() -> None:
    """Statistics of records and usage."""


def command(
    name: str | None = None, group: click.Group = usage_stats
) -> Callable[[Callable], click.Command]:
    """Return a decorator that makes a function a command with an application."""

    def decorate(function: Callable) -> click.Command:
        return group.command(name)(with_appcontext(function))

    return decorate


def period_options(left_out: str = "default: the first") -> Callable[[Callable], Callable]:
    """Return a decorator with the options --since and --until; say what no --since means."""

    def decorate(function: Callable) -> Callable:
        until = click.option("--until", type=DAY, help="Last day (UTC); default: the last.")
        since = click.option("--since", type=DAY, help=f"First day (UTC); {left_out}.")
        return since(until(function))

    return decorate


def scope_option(function: Callable) -> Callable:
    """Give a command the option --scope (see ``scope_id``)."""
    text = "Only this: a community's id or slug, or 'global'."
    return click.option("--scope", help=text)(function)


def period_of(since: datetime | None, until: datetime | None) -> Period:
    """Return the period of these options; raise a usage error when it is reversed."""
    first: date = since.date() if since else FIRST_DAY
    last: date = until.date() if until else LAST_DAY
    if first > last:
        raise click.BadParameter("must not be after --until.", param_hint="--since")
    return Period(first, last)


def scope_id(value: str | None) -> str | None:
    """Return the id of a scope; raise a usage error when nobody knows it."""
    try:
        return known_scope_id(value)
    except UnknownScopeError as error:
        text = f"there is no community {value!r}."
        raise click.BadParameter(text, param_hint="--scope") from error
