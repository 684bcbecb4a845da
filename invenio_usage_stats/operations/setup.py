# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Setting up: tables, templates, and the history of a repository that already has records."""

from collections.abc import Iterator

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from invenio_search import current_search, current_search_client

from ..aggregations.templates.generator import templates
from ..errors import SetupError
from ..indices import EVENTS, full_name
from ..ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from ..ledger.reconcile import reconcile

TABLES = (LedgerRecord.__table__, LedgerFacts.__table__, LedgerEntry.__table__)


def setup() -> Iterator[str]:
    """Create what is missing, and yield a line for each thing done; repeatable."""
    made = create_tables()
    yield f"tables: created {', '.join(made)}" if made else "tables: present"
    yield f"templates: {put_templates()} written"
    yield "index of ledger entries: " + ("created" if create_events_index() else "present")
    found = reconcile()
    yield f"ledger: {sum(found.values())} entries added"


def create_tables() -> list[str]:
    """Create tables that migrations have not made, and return their names."""
    missing = missing_tables()
    if missing:
        db.metadata.create_all(db.engine, tables=[t for t in TABLES if t.name in missing])
    return missing


def missing_tables() -> list[str]:
    """Return which of our tables the database lacks."""
    present = set(sa.inspect(db.engine).get_table_names())
    return [table.name for table in TABLES if table.name not in present]


def _composable() -> bool:
    """Tell which shape of templates the instance uses."""
    return bool(current_app.config.get("STATS_REGISTER_INDEX_TEMPLATES"))


def put_templates() -> int:
    """Write our index templates, in the shape the instance uses."""
    registered = current_search.index_templates if _composable() else current_search.templates
    indices = current_search_client.indices
    put = indices.put_index_template if _composable() else indices.put_template
    ours = [name for name in templates() if name in registered]
    for name in ours:
        current_search._put_template(name, registered[name], put, ignore=None)
    return len(ours)


def missing_templates() -> list[str]:
    """Return which of our templates the search engine lacks, in one request."""
    indices = current_search_client.indices
    ours = {full_name(name): name for name in templates()}
    pattern = full_name("usage-stats-*")
    if _composable():
        answer = indices.get_index_template(name=pattern, ignore=[404])
        present = {template["name"] for template in answer.get("index_templates", ())}
    else:
        present = set(indices.get_template(name=pattern, ignore=[404]))
    return [name for full, name in ours.items() if full not in present]


def create_events_index() -> bool:
    """Create the index of ledger entries; return whether it was missing."""
    indices = current_search_client.indices
    name = full_name(EVENTS)
    if indices.exists(index=name):
        return False
    indices.create(index=name)
    return True


def require_setup() -> None:
    """Raise ``SetupError`` when tables or templates are missing."""
    missing = [f"table {name}" for name in missing_tables()]
    missing += [f"template {name}" for name in missing_templates()]
    if missing:
        raise SetupError(
            f"Not set up: {', '.join(missing)}. Run 'invenio usage-stats setup' and try again."
        )
