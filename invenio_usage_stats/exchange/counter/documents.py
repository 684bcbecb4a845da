# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Documents of counted months: one for each dataset with use, on each of two levels."""

from typing import Any, NamedTuple

from invenio_search.utils import build_alias_name

from .metrics import ACCESS_METHODS, COUNTED

MONTHS = "stats-counter-months"
"""The alias of the yearly indices, without the instance's prefix."""
RECORD, PARENT = "record", "parent"
LEVELS = (RECORD, PARENT)
"""Each version is a dataset, or all versions together are one."""


def _number(kind: str) -> dict[str, Any]:
    """Return the mapping of a number by which nobody searches: it can be sorted by and added up."""
    return {"type": kind, "index": False}


KEYWORD = {"type": "keyword"}
KEYWORDS = ("month", "level", "recid", "parent_recid", "list_version")
PROPERTIES: dict[str, Any] = {
    **dict.fromkeys(KEYWORDS, KEYWORD),
    "generation": {"type": "integer"},
    "counts": {"properties": {counted.field: _number("integer") for counted in COUNTED}},
    **{f"volume_{access}": _number("long") for access in ACCESS_METHODS},
    "countries": {"type": "object", "enabled": False},
}
"""The mapped fields."""


class MonthUsage(NamedTuple):
    """Be the use of a dataset in a month; ``recid`` is the parent's on its level."""

    month: str
    recid: str
    parent_recid: str
    counts: dict[str, int]
    """By the ids of the numbers; all of them are there."""
    volume: dict[str, int]
    """Bytes by access method."""
    countries: dict[str, dict[str, int]]
    """By the ids of the numbers, then by country; whose country is unknown is not in here."""


def index_of(month: str) -> str:
    """Return the full name of the index that holds a month."""
    return build_alias_name(f"{MONTHS}-{month[:4]}")


def document_id(usage: MonthUsage, level: str, generation: int) -> str:
    """Return the id of a document: generations of a month lie side by side."""
    return f"{usage.month}-{generation}-{level}-{usage.recid}"


def source_of(usage: MonthUsage, level: str, generation: int, list_version: str) -> dict[str, Any]:
    """Return the source of a document."""
    return {
        "month": usage.month,
        "level": level,
        "recid": usage.recid,
        "parent_recid": usage.parent_recid,
        "generation": generation,
        "list_version": list_version,
        "counts": {counted.field: usage.counts[counted.id] for counted in COUNTED},
        **{f"volume_{access}": usage.volume[access] for access in ACCESS_METHODS},
        "countries": usage.countries,
    }


def usage_of_source(source: dict[str, Any]) -> MonthUsage:
    """Return what a document says."""
    return MonthUsage(
        source["month"],
        source["recid"],
        source["parent_recid"],
        {counted.id: source["counts"][counted.field] for counted in COUNTED},
        {access: source[f"volume_{access}"] for access in ACCESS_METHODS},
        source["countries"],
    )
