# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The Dataset Master Report: of which datasets it tells, and its JSON.

CoP RD section 7, in the shape that the hub of DataCite takes. Each version of a dataset is one
dataset of the report, and all its versions together are another one, under the DOI that they have
in common (CoP RD table 6.5).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple

from flask import current_app

from ....reader.periods import Period, today
from ...counter.documents import PARENT, RECORD, MonthUsage
from ...counter.metrics import Counted
from ...counter.months import usage_in
from ..records import Work, public_concepts, public_works
from .remarks import Remark
from .reporter import Reporter
from .spans import whole_month
from .wanted import UNKNOWN_YEAR, Wanted, version_of

NAME, ID, RELEASE = "dataset report", "dsr", "rd1"
"""As the hub compares them, in lower case."""
READERS = {RECORD: public_works, PARENT: public_concepts}
LOT = 500
"""So many datasets are described at once."""
CREATORS = 20
"""So many creators are named: some works have thousands."""
MEGABYTE = 1_000_000
RETRIEVALS = "total-dataset-requests"
"""The metric whose instances say how much was transferred."""
Pairs = Sequence[tuple[str, str]]


class Dataset(NamedTuple):
    """Be a dataset of a report, with its use by month, the first month first."""

    work: Work
    usage: list[MonthUsage]


def datasets(wanted: Wanted, months: Sequence[str]) -> Iterator[Dataset]:
    """Yield the wanted datasets with any wanted number in some of the counted months."""
    for level in READERS:
        for dataset in _of_level(level, months):
            used = any(u.counts[n.id] for u in dataset.usage for n in wanted.numbers)
            if used and _is_reported(dataset.work) and wanted.has(dataset.work):
                yield dataset


def _of_level(level: str, months: Sequence[str]) -> Iterator[Dataset]:
    """Yield all public datasets of a level, described many at a time."""
    by_recid = attrgetter("recid")
    usage = merge(*(usage_in(month, level) for month in months), key=by_recid)
    used = ((recid, list(found)) for recid, found in groupby(usage, by_recid))
    while lot := dict(islice(used, LOT)):
        works = READERS[level](lot)
        yield from (Dataset(works[recid], lot[recid]) for recid in lot if recid in works)


def _is_reported(work: Work) -> bool:
    """Tell whether reports are about this type of resource; subtypes are of their type."""
    types = current_app.config["USAGE_STATS_COUNTER_RESOURCE_TYPES"]
    own = work.resource_type
    return not types or any(own == one or own.startswith(f"{one}-") for one in types)


def header(
    reporter: Reporter,
    period: Period,
    remarks: Iterable[Remark] = (),
    filters: Pairs = (),
    attributes: Pairs = (),
    created: date | None = None,
) -> dict[str, Any]:
    """Return the header of a report (CoP RD section 7.1)."""
    return {
        "report-name": NAME,
        "report-id": ID,
        "release": RELEASE,
        "created": (created or today()).isoformat(),
        "created-by": reporter.name,
        "reporting-period": _period(period),
        "report-filters": [{"name": name, "value": value} for name, value in filters],
        "report-attributes": [{"name": name, "value": value} for name, value in attributes],
        "exceptions": [remark.to_dict() for remark in remarks],
    }


def entry(dataset: Dataset, reporter: Reporter, wanted: Wanted, own: bool = True) -> dict[str, Any]:
    """Return a dataset as it stands in reports.

    ``own``: with volumes, in megabytes, which the hub refuses.
    """
    shown = _described(dataset.work, reporter)
    shown["performance"] = [
        {"period": _period(period), "instance": instances}
        for period, usage in _by_period(dataset, wanted)
        if (instances := [_instance(usage, n, own) for n in wanted.numbers if usage.counts[n.id]])
    ]
    return shown


def _described(work: Work, reporter: Reporter) -> dict[str, Any]:
    """Return what a report says of a dataset; what is not known and may be missing is left out."""
    client = reporter.client_id
    shown: dict[str, Any] = {
        "dataset-title": work.title,
        "dataset-id": [_typed("doi", work.doi)],
        "platform": reporter.platform,
        "publisher": work.publisher,
        "publisher-id": [_typed("client-id", client)] if client else [],
        "data-type": "dataset",
        "yop": f"{work.year or UNKNOWN_YEAR:04}",
        "uri": uri(work),
        "dataset-attributes": [_typed("dataset-version", version_of(work))],
    }
    if work.creators:
        names = [creator.name for creator in work.creators[:CREATORS]]
        shown["dataset-contributors"] = [_typed("name", name) for name in names]
    if work.publication_date:
        shown["dataset-dates"] = [_typed("pub-date", work.publication_date)]
    return shown


def uri(work: Work) -> str:
    """Return the address of a dataset, which outlives those of pages."""
    return f"https://doi.org/{work.doi}"


def _typed(kind: str, value: str) -> dict[str, str]:
    """Return a value with what it is."""
    return {"type": kind, "value": value}


def _by_period(dataset: Dataset, wanted: Wanted) -> Iterator[tuple[Period, MonthUsage]]:
    """Yield the use by months, or of all of them together."""
    if wanted.monthly:
        yield from ((whole_month(usage.month), usage) for usage in dataset.usage)
    else:
        yield wanted.period, together(dataset.usage)


def together(usages: Sequence[MonthUsage]) -> MonthUsage:
    """Return the use of several months: sessions end with their hour, so uniques add up, too."""
    counts = {id_: sum(usage.counts[id_] for usage in usages) for id_ in usages[0].counts}
    volume = {id_: sum(usage.volume[id_] for usage in usages) for id_ in usages[0].volume}
    countries: dict[str, dict[str, int]] = {}
    for usage in usages:
        for id_, found in usage.countries.items():
            into = countries.setdefault(id_, {})
            for country, count in found.items():
                into[country] = into.get(country, 0) + count
    return usages[0]._replace(counts=counts, volume=volume, countries=countries)


def _instance(usage: MonthUsage, number: Counted, own: bool) -> dict[str, Any]:
    """Return one number; countries that are not known are missing in its parts."""
    shown: dict[str, Any] = {
        "access-method": number.access,
        "metric-type": number.metric.id,
        "count": usage.counts[number.id],
    }
    if found := usage.countries.get(number.id):
        shown["country-counts"] = {code.lower(): found[code] for code in sorted(found)}
    if own and number.metric.id == RETRIEVALS:
        shown["volume"] = usage.volume[number.access] / MEGABYTE
    return shown


def _period(period: Period) -> dict[str, str]:
    """Return a period as it stands in reports."""
    return {"begin-date": period.since.isoformat(), "end-date": period.until.isoformat()}
