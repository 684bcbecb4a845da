# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Index templates: both shapes from one source.

Run ``python -m invenio_usage_stats.aggregations.templates`` after a change of the catalog's
metrics; a test fails when the files are stale.
"""

import json
from typing import Any

from ...catalog import DIMENSIONS, METRICS, Catalog
from ...exchange.counter import documents as counter_months
from ...exchange.counter import fields as counter_events
from ...exchange.matomo import fields as reported
from ...exchange.visits import fields as visits
from ...indices import ALL_EVENTS, EVENTS, PRODUCTS, REPORTED, SHEETS, USAGE_DELTA, VISIT, Product

PREFIX = "__SEARCH_INDEX_PREFIX__"
VERSION = "v1.0.0"
SHAPE = {False: "legacy", True: "composable"}
"""The shape of templates, by the value of ``STATS_REGISTER_INDEX_TEMPLATES``."""
PRIORITY = 200
SETTINGS = {"index": {"codec": "best_compression", "refresh_interval": "5s"}}
LEDGER_SETTINGS = {"index": {"codec": "default", "refresh_interval": "5s"}}
"""Facts are read here and there, which a codec of large blocks makes seven times dearer."""
KEYWORD = {"type": "keyword"}
DATE = {"type": "date"}
LONG = {"type": "long"}
OPAQUE = {"type": "object", "enabled": False}
BINARY = {"type": "binary"}
CATALOG = Catalog(METRICS, DIMENSIONS)


def _numbers(*names: str) -> dict[str, Any]:
    """Return an object of whole numbers."""
    return {"properties": dict.fromkeys(names, LONG)}


def _both_ways(*names: str) -> dict[str, Any]:
    """Return an object with what was added and removed."""
    return {"properties": {"added": _numbers(*names), "removed": _numbers(*names)}}


CLASSES = ("metadata_only", "with_files")
SIZES = ("file_count", "data_volume")
COMMON = {
    "community_id": KEYWORD,
    "timestamp": DATE,
    "updated_timestamp": DATE,
    "subcounts": OPAQUE,
    "missing": OPAQUE,
}
STATE = {"state": {**BINARY, "doc_values": True}}
"""In columns, since states are read without the rest of their documents."""
INTEGER = {"type": "integer"}
PARTS = {"part": INTEGER, "parts": INTEGER}
SHEET = {
    **dict.fromkeys(("community_id", "span", "columns", "settled_until"), KEYWORD),
    "settled": LONG,
    "whole": {"type": "boolean"},
    "span_start": {"type": "date", "format": "strict_date"},
    "timestamp": DATE,
    "updated_timestamp": DATE,
    "token": LONG,
    "format": INTEGER,
    "part": {"type": "boolean"},
    "sections": OPAQUE,
    "data": BINARY,
}
PERIOD = {"period_start": DATE, "period_end": DATE}
SNAPSHOT = {"snapshot_date": {"type": "date", "format": "strict_date"}}
COUNTED = {
    ("records", "delta"): {
        **dict.fromkeys(
            ("records_added", "records_removed", "parents_added", "parents_removed"), LONG
        ),
        "uploaders": LONG,
        "records": _both_ways(*CLASSES),
        "parents": _both_ways(*CLASSES),
        "files": _both_ways(*SIZES),
    },
    ("records", "snapshot"): {
        "total_records": _numbers(*CLASSES),
        "total_parents": _numbers(*CLASSES),
        "total_files": _numbers(*SIZES),
        "total_uploaders": LONG,
    },
}
LEDGER = {
    **dict.fromkeys(
        ("record_id", "parent_id", "community_id", "event_type", "date_source"), KEYWORD
    ),
    **dict.fromkeys(
        (
            "event_date",
            "record_created_date",
            "record_drafted_date",
            "record_published_date",
            "deleted_date",
            "timestamp",
            "updated_timestamp",
        ),
        DATE,
    ),
    **dict.fromkeys(("ordinal", "parent_ordinal", "sequence"), LONG),
    "is_deleted": {"type": "boolean"},
    "facts": OPAQUE,
}


EXCHANGED = {
    counter_events.EVENTS: counter_events.PROPERTIES,
    counter_months.MONTHS: counter_months.PROPERTIES,
    ALL_EVENTS[VISIT]: visits.PROPERTIES,
    REPORTED: reported.PROPERTIES,
}
"""What is exchanged with other systems: the mapped fields by the alias."""


def _usage_totals() -> dict[str, Any]:
    """Return the counters of usage, as the catalog names them."""
    kinds = dict.fromkeys(m.event for m in METRICS if m.event)
    counters = {kind: _numbers(*(m.field for m in CATALOG.usage_metrics(kind))) for kind in kinds}
    return {"totals": {"properties": counters}}


def properties(product: Product) -> dict[str, Any]:
    """Return the mapped fields of a product's documents."""
    if product == SHEETS:
        return {**SHEET, **_usage_totals()}
    counted = COUNTED.get((product.family, product.kind)) or _usage_totals()
    dated = PERIOD if product.kind == "delta" else SNAPSHOT
    own = STATE if product.family == "records" else PARTS if product == USAGE_DELTA else {}
    return {**COMMON, **dated, **counted, **own}


def body(fields: dict[str, Any], alias: str | None) -> dict[str, Any]:
    """Return settings, mappings and aliases."""
    return {
        "settings": SETTINGS if alias else LEDGER_SETTINGS,
        "mappings": {"dynamic": "strict", "properties": fields},
        "aliases": {f"{PREFIX}{alias}": {}} if alias else {},
    }


def templates() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return pattern and body by template name."""
    found = {
        f"usage-{product.alias}-{VERSION}": (
            f"{PREFIX}{product.alias}-*",
            body(properties(product), product.alias),
        )
        for product in (*PRODUCTS, SHEETS)
    }
    for alias, fields in EXCHANGED.items():
        name = f"usage-{alias.removeprefix('events-')}-{VERSION}"
        found[name] = (f"{PREFIX}{alias}-*", body(fields, alias))
    found[f"usage-{EVENTS}-{VERSION}"] = (f"{PREFIX}{EVENTS}", body(LEDGER, None))
    return found


def shaped(shape: str, pattern: str, template: dict[str, Any]) -> dict[str, Any]:
    """Return a template in one of the two shapes."""
    if shape == "legacy":
        return {"index_patterns": [pattern], **template}
    return {"index_patterns": [pattern], "priority": PRIORITY, "template": template}


def rendered(shape: str) -> dict[str, str]:
    """Return the text of every template by its name."""
    return {
        name: json.dumps(shaped(shape, *template), indent=2) + "\n"
        for name, template in templates().items()
    }


def files() -> dict[str, str]:
    """Return the text of every file by its path below this package."""
    return {
        f"{shape}/os-v2/{name}.json": text
        for shape in SHAPE.values()
        for name, text in rendered(shape).items()
    }
