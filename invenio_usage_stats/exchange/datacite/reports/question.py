# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a harvester asks for: parameters as a report's wishes, and what is wrong with them.

What cannot be heeded is told and left out (CoP RD, appendix B); only dates must be right.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from ....reader.periods import Period, today
from ...counter.metrics import ACCESS_METHODS, METRICS
from .remarks import (
    BAD_ATTRIBUTE,
    BAD_DATES,
    BAD_FILTER,
    MISSING_FILTER,
    MIXED_FILTER,
    NO_RELEASE,
    UNKNOWN_PARAMETER,
    Remark,
)
from .spans import first_day, last_day, month_of
from .wanted import EVERY, Wanted

DATES = ("begin_date", "end_date")
DETAILS = "exclude_monthly_details"
RELEASE = "release"
IGNORED = ("customer_id", "requestor_id", "api_key", "format")
"""What harvesters always send although nothing here is only for some, and what others heed."""
YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
ALL = EVERY.lower()


@dataclass(frozen=True)
class Asked:
    """Be what is asked for, and what is to be said about it."""

    wanted: Wanted
    remarks: tuple[Remark, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


def read(given: Iterable[tuple[str, str]]) -> Asked:
    """Return what parameters ask for; names may be written with hyphens, too."""
    values: dict[str, str] = {}
    for name, value in given:
        values.setdefault(name.lower().replace("-", "_"), value)
    remarks = [*_of_release(values), *_unknown(values)]
    period, wrong = _dates(values)
    kept, ignored = _filters(values)
    monthly, unclear = _monthly(values)
    fields = {FILTERS[name].field: tuple(found.values()) for name, found in kept.items()}
    return Asked(
        Wanted(period, **fields, monthly=monthly),
        (*remarks, *wrong, *ignored, *unclear),
        tuple((name.replace("_", "-"), "|".join(found)) for name, found in kept.items()),
        () if monthly else ((DETAILS.replace("_", "-"), "true"),),
    )


def _of_release(values: Mapping[str, str]) -> list[Remark]:
    """Return that another release of the reports is asked for."""
    release = values.get(RELEASE, "rd1")
    return [] if release.lower() == "rd1" else [NO_RELEASE.about(release)]


def _unknown(values: Mapping[str, str]) -> list[Remark]:
    """Return which parameters mean nothing here."""
    known = {*DATES, *FILTERS, *IGNORED, DETAILS, RELEASE}
    return [UNKNOWN_PARAMETER.about(name) for name in values if name not in known]


def _dates(values: Mapping[str, str]) -> tuple[Period, list[Remark]]:
    """Return the months that are asked for, and what is wrong with their dates."""
    anything = Period(today(), today())
    if missing := [name for name in DATES if not values.get(name)]:
        return anything, [MISSING_FILTER.about(name) for name in missing]
    begin, end = (values[name] for name in DATES)
    try:
        since, until = first_day(_month(begin, 0)), last_day(_month(end, 1))
    except ValueError as error:
        return anything, [BAD_DATES.about(str(error))]
    if since > until:
        return anything, [BAD_DATES.about(f"{begin} is after {end}")]
    period, most = Period(since, until), current_app.config["USAGE_STATS_MAX_DAYS"]
    if period.length > most:
        return anything, [BAD_DATES.about(f"{period.length} days are too many, at most {most}")]
    return period, []


def _month(value: str, end: int) -> str:
    """Return the month that a date begins or ends; raise ``ValueError`` for what is neither."""
    month = value[:7]
    whole = (first_day(month), last_day(month))[end]
    if value not in (month, whole.isoformat()):
        raise ValueError(f"{value} is not the {('first', 'last')[end]} day of a month")
    return month_of(whole)


def _filters(values: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], list[Remark]]:
    """Return the values of filters by their texts, without those that cannot be heeded."""
    kept: dict[str, dict[str, Any]] = {}
    remarks: list[Remark] = []
    for name in filter(values.__contains__, FILTERS):
        texts = [text.strip() for text in values[name].split("|") if text.strip()]
        if len(texts) > 1 and ALL in map(str.lower, texts):
            remarks.append(MIXED_FILTER.about(f"{name}={values[name]}"))
            continue
        found = FILTERS[name].read(texts)
        remarks += [BAD_FILTER.about(f"{name}={text}") for text, v in found.items() if v is None]
        if right := {text: value for text, value in found.items() if value is not None}:
            kept[name] = right
    return kept, remarks


def _monthly(values: Mapping[str, str]) -> tuple[bool, list[Remark]]:
    """Return whether each month is to have numbers of its own."""
    text = values.get(DETAILS, "false")
    known = {"false": True, "true": False}.get(text.lower())
    return (True, [BAD_ATTRIBUTE.about(f"{DETAILS}={text}")]) if known is None else (known, [])


@dataclass(frozen=True)
class Filter:
    """Be a filter: the wish that it is, and how one of its values is read (none: not at all)."""

    field: str
    value: Callable[[str], Any]
    everything: bool = True
    """Whether ``All`` stands for no filter."""

    def read(self, texts: Sequence[str]) -> dict[str, Any]:
        """Return the values of some texts; nothing when they ask for everything."""
        everything = self.everything and [text.lower() for text in texts] == [ALL]
        return {} if everything else {text: self.value(text) for text in texts}


def _one_of(known: Iterable[str]) -> Callable[[str], str | None]:
    """Return a function that takes some names, written in any case and with underscores."""
    names = tuple(known)

    def value(text: str) -> str | None:
        name = text.lower().replace("_", "-")
        return name if name in names else None

    return value


def _years(text: str) -> range | None:
    """Return a year or a range of years."""
    match = YEARS.fullmatch(text)
    if not match:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return range(first, last + 1) if first <= last else None


def _version(text: str) -> str:
    """Return a version, or the one that stands for all."""
    return EVERY if text.lower() == ALL else text


FILTERS = {
    "metric_type": Filter("metrics", _one_of(metric.id for metric in METRICS)),
    "access_method": Filter("access", _one_of(ACCESS_METHODS)),
    "yop": Filter("years", _years),
    "version": Filter("versions", _version, everything=False),
}
"""CoP RD table 7.4."""
