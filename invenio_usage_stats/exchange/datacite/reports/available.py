# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which of the months that are asked for are counted, and what is to be said of the others."""

from collections.abc import Sequence
from typing import NamedTuple

from ....reader.periods import Period
from ...counter.metrics import MACHINE
from ...counter.months import MonthState, states
from .remarks import NO_API_VIEWS, NO_USAGE, NOT_READY, PARTIAL, Remark
from .spans import months_of
from .wanted import Wanted


class Available(NamedTuple):
    """Be the counted months among some, and what is to be said of the others."""

    months: list[str]
    remarks: tuple[Remark, ...]


def available(period: Period) -> Available:
    """Return which months of a period are counted (CoP RD, appendix B: 3030, 3031, 3040)."""
    known = {state.month: state for state in states()}
    asked = months_of(period)
    found = [known[month] for month in asked if month in known]
    first = min(known, default="")
    early = [month for month in asked if known and month < first]
    waiting = [month for month in asked if month not in known and month not in early]
    months = [state.month for state in found]
    return Available(months, tuple(_remarks(found, early, waiting, first)))


def caveats(wanted: Wanted) -> list[Remark]:
    """Return what readers of the wanted numbers must know whatever the months are."""
    incomplete = any(n.access == MACHINE and not n.metric.requests for n in wanted.numbers)
    text = "of looks at datasets by programs, only those at landing pages are known, and requests"
    return [NO_API_VIEWS.about(text)] if incomplete else []


def _remarks(
    found: Sequence[MonthState], early: list[str], waiting: list[str], first: str
) -> list[Remark]:
    """Return what is to be said of months that are not counted, or may still change."""
    if not found:
        missing = NOT_READY.refusal(_list(waiting)) if waiting else NO_USAGE.about(_since(first))
        return [missing]
    remarks = [NOT_READY.about(_list(waiting))] if waiting else []
    if early:
        remarks.append(PARTIAL.about(_since(first)))
    if late := [state.month for state in found if not state.closed]:
        remarks.append(open_months(late))
    return remarks


def open_months(months: list[str]) -> Remark:
    """Return that months may still change."""
    return PARTIAL.about(f"usage has not been processed for all of {_list(months)}")


def _since(first: str) -> str:
    """Return since when usage is counted."""
    return f"usage is counted since {first}"


def _list(months: list[str]) -> str:
    """Return months as text, without naming each of many."""
    return ", ".join(months) if len(months) < 4 else f"{months[0]} to {months[-1]}"
