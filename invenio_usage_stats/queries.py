# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Queries for ``POST /api/stats``: they only translate."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import current_app, g
from invenio_search.engine import search
from invenio_stats.errors import InvalidRequestInputError
from sqlalchemy.exc import SQLAlchemyError

from .errors import (
    DatabaseError,
    InvalidQueryError,
    SearchEngineError,
    UnknownScopeError,
)
from .indices import PRODUCTS, RECORD_DELTAS, RECORD_SNAPSHOTS, USAGE_DELTA, USAGE_SNAPSHOT, Product
from .ledger.history import GLOBAL
from .proxies import current_usage_stats
from .reader.periods import Period, parse_range
from .services.costs import check_cost
from .services.scopes import PATHS, Scope, resolve_scope

PARAMETERS = ("community_id", "start_date", "end_date")


def parse(params: Any, only_global: bool = False) -> tuple[Any, Period]:
    """Return the scope's id and the period of a query; raise ``InvalidQueryError``."""
    if not isinstance(params, dict):
        raise InvalidQueryError("params", f"must be an object with any of {', '.join(PARAMETERS)}.")
    for name in params:
        if name not in PARAMETERS:
            raise InvalidQueryError(str(name), f"is not one of {', '.join(PARAMETERS)}.")
    community = params.get("community_id", GLOBAL)
    if not isinstance(community, str) or not community:
        raise InvalidQueryError("community_id", "must be a community's UUID or slug, or global.")
    if only_global and community != GLOBAL:
        raise InvalidQueryError("community_id", "must be left out: this query is global.")
    bounds = (params.get("start_date"), params.get("end_date"))
    longest = current_app.config["USAGE_STATS_MAX_DAYS"]
    return community, parse_range(*bounds, ("start_date", "end_date"), longest)


@contextmanager
def servers_there() -> Iterator[None]:
    """Say in our own words which server is away.

    What was not found stays as it is: invenio-stats has an answer to that.
    """
    try:
        yield
    except search.exceptions.NotFoundError:
        raise
    except search.exceptions.OpenSearchException as error:
        raise SearchEngineError("The search engine cannot answer.") from error
    except SQLAlchemyError as error:
        raise DatabaseError("The database cannot answer.") from error


class _ReadPermission:
    """Allow whoever may read the community."""

    def __init__(self, community: str) -> None:
        self.community = community

    def can(self) -> bool:
        """Tell whether the current identity may read the numbers."""
        try:
            with servers_there():
                scope_of(self.community)
        except UnknownScopeError:
            return False
        return True


def scope_of(community: str) -> Scope:
    """Return the scope that a query names; raise ``UnknownScopeError``."""
    name = community if community == GLOBAL else f"{PATHS['community']}/{community}"
    return resolve_scope(g.identity, name)


def permission_factory(_query_name: str, params: Any, only_global: bool = False) -> _ReadPermission:
    """Return the permission of a query; what is malformed is a bad request."""
    try:
        community, _period = parse(params, only_global)
    except InvalidQueryError as error:
        raise InvalidRequestInputError(str(error)) from error
    return _ReadPermission(community)


def check_body(body: Any) -> None:
    """Raise ``CostError`` when our queries of a request's body cost too much together."""
    queries = body.values() if isinstance(body, dict) else ()
    check_cost(sum(_cost(query) for query in queries if isinstance(query, dict)), 1)


def _cost(query: dict[str, Any]) -> int:
    """Return what a query costs; nothing if it is none of ours, or malformed."""
    products = STATS.get(str(query.get("stat")), ())
    try:
        _community, period = parse(query.get("params", {}))
    except InvalidQueryError:
        return 0
    return period.length * sum(map(_values, products))


def _values(product: Product) -> int:
    """Return how many values a document of a product has at least: each metric by dimension."""
    catalog = current_usage_stats.catalog
    metrics = [m for m in catalog.metrics.values() if m.family == product.family]
    return len(metrics) * (1 + len(catalog.shown(product.family)))


class DailyQuery:
    """Answer one document for every day of a range."""

    metric_fields: dict[str, Any] = {}
    only_global = False

    def __init__(self, name: str, product: Product | None = None, **_unused: Any) -> None:
        self.name = name
        self.product = product

    def run(self, **params: Any) -> Any:
        """Return the documents; raise ``InvalidQueryError`` (a ``ValueError``).

        Raises ``SearchEngineError`` and ``DatabaseError``, which the API answers with 503.
        """
        community, period = parse(params, self.only_global)
        with servers_there():
            return self.answer(scope_of(community), period)

    def answer(self, scope: Scope, period: Period) -> Any:
        """Return the documents of one product."""
        return current_usage_stats.service.daily_documents(scope, self.product, period)


class AllQuery(DailyQuery):
    """Answer the documents of every product, in an object of lists."""

    def answer(self, scope: Scope, period: Period) -> dict[str, list[dict[str, Any]]]:
        """Return the documents of all products by name."""
        documents = current_usage_stats.service.daily_documents
        return {name: documents(scope, product, period) for name, product in NAMES.items()}


class GlobalQuery(AllQuery):
    """Answer the documents of every product for the whole repository."""

    only_global = True


NAMES: dict[str, Product] = {
    **{f"record_deltas_{product.basis}": product for product in RECORD_DELTAS},
    **{f"record_snapshots_{product.basis}": product for product in RECORD_SNAPSHOTS},
    "usage_deltas": USAGE_DELTA,
    "usage_snapshots": USAGE_SNAPSHOT,
}


def query_name(product: Product) -> str:
    """Return the name of a product's query."""
    family = "record" if product.family == "records" else product.family
    return "-".join(part for part in ("community", family, product.kind, product.basis) if part)


STATS: dict[str, tuple[Product, ...]] = {
    **{query_name(product): (product,) for product in PRODUCTS},
    **dict.fromkeys(("community-stats", "global-stats"), tuple(NAMES.values())),
}
"""Which products each query answers with."""


def configuration() -> dict[str, dict[str, Any]]:
    """Return the entries of ``STATS_QUERIES``."""
    daily = {
        query_name(product): {
            "cls": DailyQuery,
            "permission_factory": permission_factory,
            "params": {"product": product},
        }
        for product in PRODUCTS
    }
    return {
        **daily,
        "community-stats": {"cls": AllQuery, "permission_factory": permission_factory},
        "global-stats": {
            "cls": GlobalQuery,
            "permission_factory": partial(permission_factory, only_global=True),
        },
    }
