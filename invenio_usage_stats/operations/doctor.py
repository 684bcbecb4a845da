# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The doctor: checks that say what is well, and what to do about what is not."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import current_app
from invenio_db import db
from invenio_search import current_search_client
from invenio_search.engine import search

from ..aggregations import bookmarks
from ..ext import BEAT_ENTRY
from ..indices import PRODUCTS, USAGE_EVENTS, find, full_name
from ..ledger.store import count_unknown_records
from ..readiness import missing_tables, missing_templates
from .status import ledger_status

LATE = timedelta(days=1)


class Finding(NamedTuple):
    """Say how one check went; the advice is empty when all is well."""

    check: str
    state: str
    advice: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether nothing needs to be done."""
        return not self.advice


def examine() -> Iterator[Finding]:
    """Yield the finding of each check; checks that need what is missing are left out."""
    for check in CHECKS:
        finding = check()
        yield finding
        if not finding.ok and check in REQUIRED:
            return


def _search_engine() -> Finding:
    """Check that the search engine answers, and its version."""
    try:
        version = current_search_client.info()["version"]["number"]
    except search.OpenSearchException as error:
        return Finding("search engine", "does not answer", f"Start it ({type(error).__name__}).")
    return Finding("search engine", f"version {version}")


def _tables() -> Finding:
    """Check the tables."""
    missing = missing_tables()
    if missing:
        return Finding("tables", f"missing: {', '.join(missing)}", "Run 'usage-stats setup'.")
    return Finding("tables", "present")


def _templates() -> Finding:
    """Check the index templates."""
    missing = missing_templates()
    if missing:
        return Finding("templates", f"missing: {', '.join(missing)}", "Run 'usage-stats setup'.")
    return Finding("templates", "present")


def _mappings() -> Finding:
    """Check that existing indices were made by our templates."""
    wrong = []
    for product in PRODUCTS:
        answer = current_search_client.indices.get_mapping(
            index=f"{product.target}-*", params={"allow_no_indices": "true"}
        )
        wrong += [n for n, i in answer.items() if i["mappings"].get("dynamic") != "strict"]
    if wrong:
        return Finding(
            "indices",
            f"made without our templates: {', '.join(sorted(wrong))}",
            "Delete them, run 'usage-stats setup' and aggregate their days again.",
        )
    return Finding("indices", "as they must be")


def _ledger() -> Finding:
    """Check that the ledger knows every record; ``reconcile --dry-run`` compares everything."""
    with db.engine.connect() as connection:
        unknown = count_unknown_records(connection)
    if unknown:
        return Finding("ledger", f"lacks {unknown} records", "Run 'usage-stats reconcile'.")
    return Finding("ledger", "knows every published record")


def _projection() -> Finding:
    """Check that the ledger's entries reach the search engine."""
    waiting = ledger_status()["waiting"]
    return Finding("projection", f"{waiting} entries wait for the next run")


def _schedule() -> Finding:
    """Check that aggregation is scheduled and has run."""
    if BEAT_ENTRY not in (current_app.config.get("CELERY_BEAT_SCHEDULE") or {}):
        return Finding("schedule", "no beat entry", f"Add {BEAT_ENTRY!r} to CELERY_BEAT_SCHEDULE.")
    marks = bookmarks.read(product.name for product in PRODUCTS)
    late = [p.name for p in PRODUCTS if _is_late(marks.get(p.name))]
    if late:
        return Finding(
            "schedule",
            f"behind for more than a day: {', '.join(late)}",
            "Check that worker and beat run, or run 'usage-stats aggregate'.",
        )
    return Finding("schedule", "all aggregations ran within a day")


def _is_late(mark: datetime | None) -> bool:
    """Tell whether a bookmark is missing or old."""
    return mark is None or datetime.now(UTC) - mark > LATE


def _countries() -> Finding:
    """Check whether recent events know their country."""
    body = {
        "size": 0,
        "track_total_hits": True,
        "query": {"range": {"timestamp": {"gte": "now-30d"}}},
        "aggs": {"unknown": {"missing": {"field": "country"}}},
    }
    answer = find(",".join(full_name(alias) for alias in USAGE_EVENTS.values()), body)
    total = answer["hits"]["total"]["value"]
    unknown = answer.get("aggregations", {}).get("unknown", {}).get("doc_count", 0)
    share = f"{unknown} of {total} events of 30 days have none"
    if total and unknown == total:
        return Finding("countries", share, "Check the instance's GeoIP database and proxies.")
    return Finding("countries", share)


CHECKS: tuple[Callable[[], Finding], ...] = (
    _search_engine,
    _tables,
    _templates,
    _mappings,
    _ledger,
    _projection,
    _schedule,
    _countries,
)
REQUIRED = (_search_engine, _tables, _templates)
