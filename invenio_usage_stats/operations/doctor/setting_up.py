# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of what must be there before anything else: servers, tables, templates."""

import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from ...readiness import missing_tables, missing_templates
from .base import Finding

OLDEST = 2
"""The oldest major version of OpenSearch that works."""
SETUP = "Run 'invenio usage-stats setup'."


def database() -> Finding:
    """Check that the database answers, and what it is."""
    with db.engine.connect() as connection:
        connection.execute(sa.select(1))
        name = connection.dialect.name
    advice = "" if name == "postgresql" else "Use PostgreSQL: leases and tokens need it."
    return Finding(name, advice)


def search_engine() -> Finding:
    """Check that the search engine answers, and its version."""
    version = current_search_client.info()["version"]
    name = version.get("distribution", "elasticsearch")
    known = name == "opensearch" and int(version["number"].split(".")[0]) >= OLDEST
    advice = "" if known else f"Use OpenSearch {OLDEST} or newer."
    return Finding(f"{name} {version['number']}", advice)


def tables() -> Finding:
    """Check that our tables are there."""
    missing = missing_tables()
    return Finding(*_missing(missing))


def templates() -> Finding:
    """Check that our index templates are there."""
    return Finding(*_missing(missing_templates()))


def _missing(names: list[str]) -> tuple[str, str]:
    """Return state and advice."""
    return (f"missing: {', '.join(names)}", SETUP) if names else ("present", "")
