# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Readiness: whether tables and templates are there, so that nothing is written without them."""

import sqlalchemy as sa
from flask import current_app
from invenio_db import db
from invenio_search import current_search_client

from .aggregations.models import TOKEN, CountingMethod, RunFailure, RunLease, RunStep
from .aggregations.templates.generator import templates
from .errors import SetupError
from .exchange.counter.models import CounterAgents, CounterQuarantine
from .exchange.counter.months_models import CounterGeneration, CounterMonth
from .exchange.datacite.hub.models import SentPart
from .exchange.matomo.models import RegisteredConsumer, ReportedDay, ReportedMessage, Site
from .exchange.reports.users.models import UserHeard, UserRefused, UserUse
from .indices import full_name
from .ledger.models import GENERATION, LedgerEntry, LedgerFacts, LedgerRecord
from .operations.models import BackfillMonth, CountGap
from .services.models import OptedIn, Share

MODELS = (LedgerRecord, LedgerFacts, LedgerEntry, RunLease, RunFailure, RunStep)
MODELS += (BackfillMonth, CountGap, Share, OptedIn, CountingMethod)
MODELS += (CounterGeneration, CounterMonth)
MODELS += (CounterAgents, CounterQuarantine, SentPart)
MODELS += (UserUse, UserRefused, UserHeard)
MODELS += (Site, RegisteredConsumer, ReportedDay, ReportedMessage)
TABLES = tuple(model.__table__ for model in MODELS)
SEQUENCES = (TOKEN, GENERATION)


def missing_tables() -> list[str]:
    """Return which of our tables, the sequences included, the database lacks."""
    inspector = sa.inspect(db.engine)
    present = {*inspector.get_table_names(), *inspector.get_sequence_names()}
    return [thing.name for thing in (*TABLES, *SEQUENCES) if thing.name not in present]


def uses_composable_templates() -> bool:
    """Tell which shape of templates the instance uses."""
    return bool(current_app.config.get("STATS_REGISTER_INDEX_TEMPLATES"))


def missing_templates() -> list[str]:
    """Return which of our templates the search engine lacks, in one request."""
    indices = current_search_client.indices
    pattern = full_name("usage-stats-*")
    if uses_composable_templates():
        answer = indices.get_index_template(name=pattern, ignore=[404])
        present = {template["name"] for template in answer.get("index_templates", ())}
    else:
        present = set(indices.get_template(name=pattern, ignore=[404]))
    return [name for name in templates() if full_name(name) not in present]


def require_setup() -> None:
    """Raise ``SetupError`` when tables or templates are missing."""
    missing = [f"table {name}" for name in missing_tables()]
    missing += [f"template {name}" for name in missing_templates()]
    if missing:
        raise SetupError(
            f"Not set up: {', '.join(missing)}. Run 'invenio usage-stats setup' and try again."
        )
