# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What counts the usage that filters choose: lines of sheets, or single events."""

from collections.abc import Collection, Mapping

from ..aggregations.columns import Columns
from ..catalog import Dimension
from ..reader.filters import Choice, Condition, HasFacts, HasValue, OfRecords
from ..reader.properties import facts_with
from ..reader.raw import RawUsage
from ..reader.records import Known, Whereabouts
from .choosing import OfEvents, OfLines

Wanted = Mapping[Dimension, set[str]]


def lines_of(
    columns: Columns,
    scope: str,
    wanted: Wanted,
    records: list[Known] | None,
    events: set[str],
    ahead: Collection[str] = (),
) -> OfLines:
    """Return what counts lines; ``records``: only those of these, wherever they are."""
    conditions: list[Condition] = [_condition(d, values) for d, values in wanted.items()]
    places = lambda period: [(scope, period)]  # noqa: E731
    if records is not None:
        conditions.append(OfRecords({known.ordinal for known in records}))
        places = Whereabouts([known.recid for known in records]).places
    return OfLines(columns, places, Choice(columns, conditions), events, ahead)


def _condition(dimension: Dimension, values: set[str]) -> Condition:
    """Return what chooses lines by a dimension."""
    if "usage" in dimension.families:
        return HasValue(dimension.id, values)
    return HasFacts(facts_with(dimension, values))


def events_of(
    columns: Columns, scope: str, wanted: Wanted, records: list[Known] | None
) -> OfEvents:
    """Return what counts single events; ``records``: only those of these."""
    recids = None if records is None else [known.recid for known in records]
    return OfEvents(columns, RawUsage(columns, scope, dict(wanted), recids))
