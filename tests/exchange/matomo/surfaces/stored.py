# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Puts reports into the real search engine, and reads back what was counted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from invenio_usage_stats.aggregations.reports import REPORTED as METRIC
from invenio_usage_stats.aggregations.reports import SOFTWARE
from invenio_usage_stats.catalog.base import REPORTS
from invenio_usage_stats.exchange.matomo.events import Report
from invenio_usage_stats.indices import REPORTED, USAGE_DELTA, full_name, refresh
from invenio_usage_stats.proxies import EXTENSION

from ....oracle.reports import Reported
from ....world import put, stored_deltas

SWITCH = "USAGE_STATS_MATOMO"


@contextmanager
def switched(on: bool, *apps) -> Iterator[None]:
    """Let applications count what is reported, or not, as after a restart with this switch."""
    before = [(app, app.config[SWITCH]) for app in apps]
    for app in apps:
        _restart(app, on)
    try:
        yield
    finally:
        for app, switch in before:
            _restart(app, switch)


def _restart(app, on: bool) -> None:
    """Make anew what a process makes of the catalog when it begins."""
    app.config[SWITCH] = on
    extension = app.extensions[EXTENSION]
    extension.init_config(app)
    # what answers questions stands in resources that are made once
    extension.service.catalog = extension.catalog
    vars(extension).pop("timelines", None)


def index_reports(reports: Iterable[Reported]) -> None:
    """Store reports as they are stored when they come in."""
    put([_action(report) for report in reports])
    refresh(full_name(REPORTED))


def _action(report: Reported) -> dict:
    """Return what writes a report."""
    thing = report.record or report.parent or "example.org/elsewhere"
    one = Report(
        at=report.at,
        action=report.action,
        url=f"doi.org/10.1234/{thing}",
        visitor_id=f"{hash(report.at) % 7:040x}",
        visit_id="a-visit",
        unique_session_id="a-session",
        recid=report.record,
        record_id=report.record and f"id-{report.record}",
        parent_recid=report.parent,
        parent_id=report.parent and f"id-{report.parent}",
        resolved=report.resolved,
        consumer=report.software,
        is_robot=report.is_robot,
    )
    document = one.document(datetime.now(UTC).replace(tzinfo=None))
    return {"_index": one.index, "_source": document}


def stored() -> tuple[dict[tuple[str, date], Counter[str]], dict[tuple[str, date], dict]]:
    """Return the reported downloads of all daily documents, and these documents without them."""
    documents = stored_deltas(USAGE_DELTA)
    found = {key: taken(document) for key, document in documents.items()}
    return {key: numbers for key, numbers in found.items() if numbers}, documents


def taken(document: dict, kind: str = "delta") -> Counter[str]:
    """Take the numbers of each software out of a document; their total must be right."""
    field = SOFTWARE.field(REPORTS, kind)
    items = document["subcounts"].pop(field, [])
    numbers = Counter({item["id"]: item[METRIC.event][METRIC.field] for item in items})
    total = document["totals"].pop(METRIC.event, {METRIC.field: 0})
    assert total[METRIC.field] == numbers.total()
    return numbers
