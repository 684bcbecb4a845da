# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""All usage of a record in one answer: the repository's own numbers, and those of the standard."""

from collections.abc import Iterable
from typing import Any

from invenio_rdm_records.records.stats.api import Statistics

from ...reader.stored import last_stored
from ..counter.metrics import ACCESS_METHODS, IDS
from ..counter.months import MonthUsage, usage_of
from .usage import shown


def usage_block(recid: str, parent_recid: str) -> dict[str, Any]:
    """Return the usage of a record, of which a reader is known to be allowed to know."""
    own = usage_of("record", [recid])[recid]
    whole = usage_of("parent", [parent_recid])[parent_recid]
    return {
        "id": recid,
        "parent": parent_recid,
        **Statistics.get_record_stats(recid, parent_recid),
        "counter": {"this_version": _counted(own), "all_versions": _counted(whole)},
        "reported": None,
        **shown(own),
        **last_stored([recid]),
    }


def _counted(usages: list[MonthUsage]) -> dict[str, Any]:
    """Return all that is counted of a dataset by the Code of Practice."""
    return {"metrics": _sums(usages), "volume": _volume(usages), **shown(usages)}


def _sums(usages: Iterable[MonthUsage]) -> dict[str, int]:
    """Return the sums of all numbers; sessions never span months, so unique ones add up, too."""
    return {number: sum(usage.counts[number] for usage in usages) for number in IDS}


def _volume(usages: Iterable[MonthUsage]) -> dict[str, int]:
    """Return the bytes that were retrieved, by access method."""
    return {access: sum(usage.volume[access] for usage in usages) for access in ACCESS_METHODS}
