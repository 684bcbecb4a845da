# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands that write many days: backfill and rebuild."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from ..operations import workers as crew
from ..operations.backfill import Progress, begin, failed
from ..operations.backfill import cancel as cancel_job
from ..operations.dimension import dimension_of, fill
from ..operations.estimate import estimate
from ..operations.plan import Job, backfill_job, rebuild_job
from ..tasks import backfill_part
from .group import command, period_of, period_options, scope_id, scope_option

CELERY, LOCAL = "celery", "local"


def worker_options(function: Callable) -> Callable:
    """Give a command the options that say who does the work."""
    options = (
        click.option("--dry-run", is_flag=True, help="Only estimate time and space."),
        click.option("--restart", is_flag=True, help="Begin anew what was left unfinished."),
        click.option("--cancel", is_flag=True, help="Forget what was left unfinished."),
        click.option(
            "--workers",
            type=click.Choice([CELERY, LOCAL]),
            default=CELERY,
            show_default=True,
            help="Celery's workers, or this machine without Celery.",
        ),
        click.option(
            "--processes",
            type=click.IntRange(1, 64),
            default=1,
            show_default=True,
            help="How many processes work here, with --workers local.",
        ),
    )
    for option in options:
        function = option(function)
    return function


@command()
@worker_options
def backfill(**how: Any) -> None:
    """Aggregate everything that is not there yet, month by month.

    Given again after a kill, it goes on where it was.
    """
    _run(backfill_job(), **how)


@command()
@period_options("needed, except with --dimension")
@scope_option
@click.option("--dimension", help="A dimension that was added: fill it in for the past first.")
@worker_options
def rebuild(
    since: datetime | None,
    until: datetime | None,
    scope: str | None,
    dimension: str | None,
    **how: Any,
) -> None:
    """Write the documents of given days anew, while readers read.

    Given again after a kill, it goes on where it was.
    """
    if dimension is not None and (since or until or scope):
        raise click.UsageError("--dimension concerns all days and all scopes.")
    if since is None and dimension is None:
        raise click.UsageError("Say from which day on: --since.")
    job = rebuild_job(period_of(since, until), scope_id(scope))
    if dimension is not None:
        added = dimension_of(dimension)
        job = job._replace(name=f"rebuild {dimension}")
        if not (how["dry_run"] or how["cancel"]):
            click.echo(f"{fill(added)} facts filled in")
    _run(job, **how)


def _run(
    job: Job, dry_run: bool, restart: bool, cancel: bool, workers: str, processes: int
) -> None:
    """Estimate or cancel a job, or do it and show how far it is."""
    if processes > 1 and workers != LOCAL:
        raise click.UsageError("--processes needs --workers local.")
    if dry_run + restart + cancel > 1:
        raise click.UsageError("Only one of --dry-run, --restart and --cancel.")
    if dry_run:
        _show_estimate(job)
    elif cancel:
        click.echo(f"{cancel_job(job.name)} parts will not be done.")
    else:
        _do(job, restart, workers, processes)


def _do(job: Job, restart: bool, workers: str, processes: int) -> None:
    """Do a job and show how far it is; exit code 1 when not all of it is well."""
    state = begin(job, anew=restart)
    if not state.parts:
        click.echo("Nothing is missing.")
        return
    if state.done:
        done = f"{state.done} of {state.parts} parts were done before"
        click.echo(f"{done}; --restart makes a new plan.")
    if not _shown(state, _states(job, workers, processes)).is_done:
        raise click.ClickException("Others hold what is left; give the command again.")
    if wrong := len(failed(job.name)):
        raise click.ClickException(
            f"{wrong} days or scopes failed; runs try again: 'invenio usage-stats status'."
        )


def _states(job: Job, workers: str, processes: int) -> Iterator[Progress]:
    """Let a job be done, and yield how far it is."""
    if workers == LOCAL:
        return crew.here(job.name, processes)
    return crew.with_celery(job.name, lambda part: backfill_part.delay(part, job.name))


def _show_estimate(job: Job) -> None:
    """Print what a job would cost."""
    found = estimate(job)
    click.echo(f"{found.months} parts, {found.events} events")
    duration = timedelta(seconds=round(found.seconds))
    click.echo(f"about {duration} with one worker, about {_size(found.size)} on disk")
    click.echo(f"estimated from: {found.source}")


def _size(size: float) -> str:
    """Return a number of bytes as text."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1_000:
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:.1f} GB"


def _shown(state: Progress, states: Iterator[Progress]) -> Progress:
    """Show a job's progress until it ends, and return how far it is."""
    started, before = time.monotonic(), state.weight_done
    with click.progressbar(
        length=state.weight, label="events and entries", item_show_func=_rate_shown
    ) as bar:
        bar.update(state.weight_done)
        for state in states:
            rate = (state.weight_done - before) / max(time.monotonic() - started, 0.001)
            bar.update(state.weight_done - bar.pos, f"{rate:.0f}/s")
    seconds = time.monotonic() - started
    click.echo(f"{state.done} of {state.parts} parts, {state.documents} documents, {seconds:.1f} s")
    return state


def _rate_shown(rate: object) -> str | None:
    """Return the text behind the bar."""
    return None if rate is None else str(rate)
