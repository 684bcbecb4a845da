# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The Dataset Master Report as a table (CoP RD sections 6.2 and 7)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from ....reader.periods import today
from ....resources.serializers.csv import harmless
from ...counter.metrics import Counted
from .dsr import CREATORS, Dataset, Pairs, uri
from .remarks import Remark
from .reporter import Reporter
from .spans import first_day, months_of
from .wanted import UNKNOWN_YEAR, Wanted, version_of

COLUMNS = (
    *("Dataset_Title", "Publisher", "Publisher_ID", "Creators", "Publication_Date"),
    *("Dataset_Version", "DOI", "Other_ID", "URI", "YOP", "Access_Method", "Metric_Type"),
    "Reporting_Period_Total",
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""In English whatever the language of the server is."""
UPPER = {"yop": "YOP"}
"""What is not written as other names are."""
NAMES = ("access-method", "exclude-monthly-details")
"""What has names as values."""
_BREAKS = re.compile(r"\s+")


def head(
    reporter: Reporter,
    wanted: Wanted,
    remarks: Iterable[Remark] = (),
    filters: Pairs = (),
    attributes: Pairs = (),
    created: date | None = None,
) -> Iterator[Sequence[Any]]:
    """Yield the ten rows of the header and the blank one."""
    period = wanted.period
    metrics = dict.fromkeys(number.metric.title for number in wanted.numbers)
    rows = {
        "Report_Name": "Dataset Master Report",
        "Report_ID": "DSR",
        "Release": "RD1",
        "Metric_Types": "; ".join(metrics),
        "Report_Filters": _pairs(pair for pair in filters if pair[0] != "metric-type"),
        "Report_Attributes": _pairs(attributes),
        "Exceptions": "; ".join(map(str, remarks)),
        "Reporting_Period": f"begin_date={period.since}; end_date={period.until}",
        "Created": (created or today()).isoformat(),
        "Created_By": reporter.name,
    }
    yield from rows.items()
    yield ()


def body(
    datasets: Iterable[Dataset], reporter: Reporter, wanted: Wanted
) -> Iterator[Sequence[Any]]:
    """Yield the names of the columns, and a row for each number of a dataset that is not zero."""
    months = months_of(wanted.period) if wanted.monthly else []
    yield (*COLUMNS, *map(_month_name, months))
    for dataset in datasets:
        known = _described(dataset, reporter)
        for number in wanted.numbers:
            if counts := _counts(dataset, number):
                cells = (counts.get(month, 0) for month in months)
                names = (number.access.capitalize(), number.metric.title)
                yield (*known, *names, sum(counts.values()), *cells)


def line(row: Sequence[Any]) -> str:
    """Return a row as a line: cells hold no tabs or line breaks, and no formulas."""
    return "\t".join(_cell(value) for value in row) + "\n"


def written(name: str) -> str:
    """Return the name of a filter or the value of one as tables write it."""
    return UPPER.get(name) or "_".join(part.capitalize() for part in re.split("[-_]", name))


def _cell(value: Any) -> str:
    """Return a cell."""
    if not isinstance(value, str):
        return str(value)
    return harmless(_BREAKS.sub(" ", value).strip())


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Return filters or attributes as their row has them."""
    return "; ".join(f"{written(name)}={_values(name, value)}" for name, value in pairs)


def _values(name: str, value: str) -> str:
    """Return the values of a filter; those that authors have chosen stay as they are."""
    return "|".join(map(written, value.split("|"))) if name in NAMES else value


def _month_name(month: str) -> str:
    """Return a month as columns are called."""
    day = first_day(month)
    return f"{MONTHS[day.month - 1]}-{day.year:04}"


def _described(dataset: Dataset, reporter: Reporter) -> tuple[str, ...]:
    """Return the cells that all rows of a dataset share; what is not known is blank."""
    work, client = dataset.work, reporter.client_id
    return (
        work.title,
        work.publisher,
        f"client-id:{client}" if client else "",
        "; ".join(creator.name for creator in work.creators[:CREATORS]),
        work.publication_date,
        version_of(work),
        work.doi,
        "",
        uri(work),
        f"{work.year or UNKNOWN_YEAR:04}",
    )


def _counts(dataset: Dataset, number: Counted) -> dict[str, int]:
    """Return a number of a dataset by month, months without it left out."""
    counts = ((usage.month, usage.counts[number.id]) for usage in dataset.usage)
    return {month: count for month, count in counts if count}
