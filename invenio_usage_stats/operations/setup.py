# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Setting up: tables, templates, and the history of a repository that already has records."""

from collections.abc import Iterator

from flask import current_app
from invenio_db import db
from invenio_search import current_search_client

from ..aggregations.templates.generator import EXCHANGED, PREFIX, SHAPE, properties, rendered
from ..exchange.counter.switching import set_up as set_up_counter
from ..exchange.matomo.switching import set_up as set_up_matomo
from ..exchange.reports.users.switching import set_up as set_up_users
from ..exchange.visits.events import declare as declare_visits
from ..indices import EVENTS, PRODUCTS, SHEETS, full_name, refresh
from ..ledger.projection import project_all
from ..ledger.reconcile import reconcile, unreadable
from ..readiness import TABLES, missing_tables, uses_composable_templates
from .methods import note_method

INDEXED = (*PRODUCTS, SHEETS)
"""What lies in yearly indices."""
READ_BLOCK = "index.blocks.read"
"""The setting of an index that nobody may read."""


def setup() -> Iterator[str]:
    """Create what is missing, and yield a line for each thing done; repeatable."""
    made = create_tables()
    yield f"tables: created {', '.join(made)}" if made else "tables: present"
    yield f"templates: {put_templates()} written"
    yield f"mappings: {put_mappings()} brought up to date"
    yield "index of ledger entries: " + ("created" if create_events_index() else "present")
    found = reconcile()
    yield f"ledger: {sum(found.values())} entries added"
    if problems := unreadable():
        yield f"ledger: {len(problems)} records cannot be read, see 'invenio usage-stats status'"
    yield f"method of counting: {len(note_method())} parts noted"
    yield declare_visits()
    yield from set_up_counter()
    yield from set_up_users()
    yield from set_up_matomo()


def create_tables() -> list[str]:
    """Create tables that migrations have not made, and return their names."""
    missing = missing_tables()
    if missing:
        db.metadata.create_all(db.engine, tables=[t for t in TABLES if t.name in missing])
    return missing


def put_templates() -> int:
    """Write our index templates, in the shape the instance uses; return how many."""
    indices = current_search_client.indices
    composable = uses_composable_templates()
    put = indices.put_index_template if composable else indices.put_template
    bodies = rendered(SHAPE[composable])
    prefix = current_app.config["SEARCH_INDEX_PREFIX"] or ""
    for name, body in bodies.items():
        put(name=full_name(name), body=body.replace(PREFIX, prefix))
    return len(bodies)


def put_mappings() -> int:
    """Add new mapped fields to the indices that are there; return how many kinds there are."""
    fields = {product.target: properties(product) for product in INDEXED}
    fields |= {full_name(alias): known for alias, known in EXCHANGED.items()}
    for target, mapped in fields.items():
        current_search_client.indices.put_mapping(
            index=f"{target}-*",
            body={"properties": mapped},
            params={"allow_no_indices": "true", "ignore_unavailable": "true"},
        )
    return len(fields)


def create_events_index() -> bool:
    """Create the index of ledger entries, and return whether it was missing.

    It cannot be read until all is there that the ledger had projected into an earlier one: whoever
    reads a half of it would count the half. One that was left so is completed.
    """
    indices = current_search_client.indices
    name = full_name(EVENTS)
    found = indices.get_settings(index=name, name=READ_BLOCK, ignore=[404])
    if "error" not in found and not found:
        return False
    indices.create(index=name, body={"settings": {READ_BLOCK: True}}, ignore=[400])
    project_all()
    refresh(name)
    indices.put_settings(index=name, body={READ_BLOCK: None})
    return True
