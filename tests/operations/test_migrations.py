# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The migrations make the tables that setup makes."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from invenio_db import db
from sqlalchemy.engine import Connection

import invenio_usage_stats
from invenio_usage_stats.aggregations.running.leases import next_token
from invenio_usage_stats.operations.setup import create_tables
from invenio_usage_stats.readiness import SEQUENCES, TABLES, missing_tables

USERS = "accounts_user"
FOLDER = Path(invenio_usage_stats.__file__).parent / "alembic"


def migrations() -> list:
    """Return the modules of the migrations, the first one first."""
    modules = {}
    for path in FOLDER.glob("*.py"):
        spec = spec_from_file_location(path.stem, path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        modules[module.down_revision] = module
    ordered = [modules.pop(None)]
    while modules:
        ordered.append(modules.pop(ordered[-1].revision))
    return ordered


@pytest.fixture
def elsewhere(app) -> Iterator[Connection]:
    """Return a connection to a schema that has users only."""
    with db.engine.connect() as connection:
        connection.execute(sa.text("CREATE SCHEMA elsewhere"))
        connection.execute(sa.text("SET LOCAL search_path TO elsewhere"))
        connection.execute(sa.text(f"CREATE TABLE {USERS} (id integer PRIMARY KEY)"))
        connection.dialect.default_schema_name, usual = (
            "elsewhere",
            connection.dialect.default_schema_name,
        )
        yield connection
        connection.dialect.default_schema_name = usual
        connection.rollback()


def shape(inspector: sa.Inspector, table: str, schema: str | None) -> tuple:
    """Return columns and keys of a table."""
    columns = {
        c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table, schema)
    }
    key = inspector.get_pk_constraint(table, schema)["constrained_columns"]
    unique = inspector.get_unique_constraints(table, schema)
    foreign = inspector.get_foreign_keys(table, schema)
    indices = inspector.get_indexes(table, schema)
    return (
        columns,
        key,
        sorted(tuple(one["column_names"]) for one in (*unique, *indices)),
        sorted((*one["constrained_columns"], one["referred_table"]) for one in foreign),
    )


def test_migrations_make_what_setup_makes(elsewhere):
    with Operations.context(MigrationContext.configure(elsewhere)):
        for migration in migrations():
            migration.upgrade()
            migration.upgrade()
    inspector = sa.inspect(elsewhere)
    assert {one.name for one in SEQUENCES} <= set(inspector.get_sequence_names("elsewhere"))
    for table in TABLES:
        made = shape(inspector, table.name, "elsewhere")
        assert made == shape(inspector, table.name, "public"), table.name


def test_migrations_can_be_taken_back(elsewhere):
    with Operations.context(MigrationContext.configure(elsewhere)):
        for migration in migrations():
            migration.upgrade()
        for migration in reversed(migrations()):
            migration.downgrade()
    assert sa.inspect(elsewhere).get_table_names("elsewhere") == [USERS]
    assert not sa.inspect(elsewhere).get_sequence_names("elsewhere")


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda sequence: sequence.name)
def test_setup_makes_a_missing_sequence(app, sequence):
    with db.engine.begin() as connection:
        connection.execute(sa.schema.DropSequence(sequence))
    assert missing_tables() == [sequence.name]
    assert create_tables() == [sequence.name]
    assert not missing_tables()
    assert next_token()
