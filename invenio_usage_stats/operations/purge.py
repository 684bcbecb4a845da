# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Removing everything that the module has stored."""

from collections.abc import Iterator
from importlib.util import find_spec

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from invenio_search import current_search_client

from ..aggregations.aggregators import configuration
from ..aggregations.runs import daily_names
from ..aggregations.templates.generator import PREFIX, templates
from ..exchange.counter.switching import purge_queue
from ..exchange.matomo.switching import purge_queue as purge_matomo_queue
from ..exchange.reports.users.switching import purge_queue as purge_users_queue
from ..indices import full_name
from ..readiness import TABLES, missing_tables, uses_composable_templates


def purge(dry_run: bool = False) -> Iterator[str]:
    """Delete indices, templates, bookmarks, rows and jobs; yield a line for each kind of thing.

    ``dry_run``: only say what there is.
    """
    yield from _indices(dry_run)
    yield from _templates(dry_run)
    yield _bookmarks(dry_run)
    yield from purge_queue(dry_run)
    yield from purge_users_queue(dry_run)
    yield from purge_matomo_queue(dry_run)
    yield from _rows(dry_run)
    yield _jobs(dry_run)


def _indices(dry_run: bool) -> Iterator[str]:
    """Delete our indices, and yield each with its size."""
    prefix = current_app.config["SEARCH_INDEX_PREFIX"] or ""
    patterns = [pattern.replace(PREFIX, prefix) for pattern, _ in templates().values()]
    answer = current_search_client.cat.indices(
        index=",".join(patterns), format="json", params={"bytes": "b"}, ignore=[404]
    )
    found = sorted(answer, key=lambda row: row["index"]) if isinstance(answer, list) else []
    for row in found:
        if not dry_run:
            current_search_client.indices.delete(index=row["index"])
        yield f"index {row['index']}: {row['docs.count']} documents, {row['store.size']} bytes"


def _templates(dry_run: bool) -> Iterator[str]:
    """Delete our index templates, and yield their names."""
    indices = current_search_client.indices
    composable = uses_composable_templates()
    exists = indices.exists_index_template if composable else indices.exists_template
    delete = indices.delete_index_template if composable else indices.delete_template
    for name in map(full_name, templates()):
        if exists(name=name):
            if not dry_run:
                delete(name=name)
            yield f"template {name}"


def _bookmarks(dry_run: bool) -> str:
    """Delete our bookmarks; those of the repository stay."""
    index = full_name("stats-bookmarks")
    names = [*configuration(""), *daily_names()]
    body = {"query": {"terms": {"aggregation_type": names}}}
    params = {"ignore_unavailable": "true"}
    if dry_run:
        count = current_search_client.count(index=index, body=body, params=params)["count"]
    else:
        params |= {"conflicts": "proceed", "refresh": "true"}
        count = current_search_client.delete_by_query(index=index, body=body, params=params)[
            "deleted"
        ]
    return f"bookmarks: {count}"


def _rows(dry_run: bool) -> Iterator[str]:
    """Delete the rows of our tables; the tables stay, since the application writes to them."""
    missing = missing_tables()
    tables = [t for t in db.metadata.sorted_tables if t in TABLES and t.name not in missing]
    with db.engine.begin() as connection:
        for table in reversed(tables):
            if dry_run:
                count = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            else:
                count = connection.execute(sa.delete(table)).rowcount
            yield f"table {table.name}: {count} rows"


def _jobs(dry_run: bool) -> str:
    """Delete jobs of our types that administrators have made, with their runs."""
    if find_spec("invenio_jobs") is None:
        return "jobs: 0"
    from invenio_jobs.models import Job, Run

    from ..jobs import JOBS

    jobs, runs = Job.__table__, Run.__table__
    if not sa.inspect(db.engine).has_table(jobs.name):
        return "jobs: 0"
    with db.engine.begin() as connection:
        ours = sa.select(jobs.c.id).where(jobs.c.task.in_([job.id for job in JOBS]))
        ids = list(connection.execute(ours).scalars())
        if ids and not dry_run:
            connection.execute(sa.delete(runs).where(runs.c.job_id.in_(ids)))
            connection.execute(sa.delete(jobs).where(jobs.c.id.in_(ids)))
    return f"jobs: {len(ids)}"
