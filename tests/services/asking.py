# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Asking the service, with parameters as they are short to write."""

from flask_principal import Identity
from invenio_access.permissions import system_identity

from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.question import Question
from invenio_usage_stats.services.scopes import REPOSITORY, Scope


def read(**parameters) -> Query:
    """Return what parameters ask for; a list stands for one that is repeated."""
    found = {k: v if isinstance(v, list) else [str(v)] for k, v in parameters.items()}
    return Query.read(found, current_usage_stats.catalog)


def scope_of(name: str | Scope) -> Scope:
    """Return the scope of a world that is meant by a name."""
    if isinstance(name, Scope):
        return name
    return REPOSITORY if name == "global" else Scope(name)


def question_of(scope: str | Scope = "global", **parameters) -> Question:
    """Return a question of a scope."""
    return Question(system_identity, scope_of(scope), read(**parameters))


def ask(what: str, scope: str | Scope = "global", **parameters):
    """Return an answer about a scope of a world, of which everything may be read."""
    return ask_as(system_identity, what, scope_of(scope), **parameters)


def ask_as(identity: Identity, what: str, scope: str | Scope, **parameters):
    """Return an answer that somebody gets."""
    return getattr(current_usage_stats.service, what)(identity, scope, read(**parameters))


def as_filters(wanted: dict[str, set[str]]) -> list[str]:
    """Return filters as they stand in addresses."""
    return [f"{id_}:{value}" for id_, values in wanted.items() for value in sorted(values)]


def values_of(result) -> dict[str, int | None]:
    """Return the values of totals."""
    return {id_: total.value for id_, total in result.metrics.items()}


def codes(result) -> set[str]:
    """Return the codes of an answer's notes."""
    return {note.code for note in result.notes}


def ids(result) -> list[str]:
    """Return the ids of a ranking's rows."""
    return [row.id for row in result.rows]
