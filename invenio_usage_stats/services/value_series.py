# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Series of the largest values of a dimension, or of the files of a record."""

from collections.abc import Iterable

from invenio_i18n import lazy_gettext as _

from ..catalog import Dimension, Metric
from ..errors import InvalidQueryError, UnanswerableError
from ..reader.holdings import NOTHING
from ..reader.periods import Period, intervals
from ..reader.usage import BEGINNING
from .cells import Cells, largest
from .files import FILES, counts_of_files, names_of_files
from .paging import Maker, Pages
from .parts import Amount
from .points import Values, day_before, net_changes, points, running, whole_of
from .question import Question
from .results import OneSeries
from .withholding import smallest_shown, withheld_columns

ByValue = dict[str, Values]


def of_values(question: Question, metric: Metric, interval: str) -> Maker:
    """Return what makes a series for each of the largest values of a dimension."""
    name = question.query.dimension
    question.refuse_comparison("a dimension of series")
    if name == FILES:
        return _of_files(question, metric, interval)
    dimension = question.catalog.dimensions.get(name)
    if dimension is None or dimension.hidden:
        raise InvalidQueryError("dimension", f"{name} has no series.")
    counted = question.counted(metric)
    keys = largest(question, dimension, counted)
    question.check_cost(len(keys))
    find = _used if counted.event else _held
    question.documents.prefetch([{dimension.id: keys}])
    text = question.documents.label.text
    labels = {key: text(dimension, key, question.locale) for key in keys}

    def made(pages: Pages) -> list[OneSeries]:
        period = pages.cut(question.period, interval)
        values = find(question, counted, dimension, keys, period, interval)
        if smallest_shown():
            _withhold(question, counted, dimension, intervals(period, interval), values)
        return _shown(question, metric, period, interval, values, labels)

    return Maker(len(keys), made)


def _shown(
    question: Question,
    metric: Metric,
    period: Period,
    interval: str,
    values: ByValue,
    labels: dict[str, str],
) -> list[OneSeries]:
    """Return series as they are shown."""
    return [
        OneSeries(
            metric=metric.id,
            unit=metric.unit,
            id=key,
            label=labels[key],
            points=points(question, some, period, interval),
        )
        for key, some in values.items()
    ]


def _used(
    question: Question,
    metric: Metric,
    dimension: Dimension,
    keys: list[str],
    period: Period,
    interval: str,
) -> ByValue:
    """Return the values of a metric of usage."""
    parts = intervals(period, interval)
    usage, cumulative = question.usage(dimension.id), question.query.cumulative
    if cumulative and not metric.additive:
        raise UnanswerableError(
            _("%(metric)s: numbers of single values are not cumulated."), metric=metric.label
        )
    rows = usage.cells(parts, dimension.id, keys, [metric])
    values = {key: [Amount(row[metric.id]) for row in rows[key]] for key in keys}
    if not cumulative:
        return values
    before = Period(BEGINNING, day_before(period))
    table = usage.table(before, dimension.id, [metric])
    return {k: running(v, table.bound(k, metric.id) or 0) for k, v in values.items()}


def _withhold(
    question: Question,
    metric: Metric,
    dimension: Dimension,
    parts: list[Period],
    values: ByValue,
) -> None:
    """Withhold of each interval what its ranking withholds, or a ranking of what has changed."""
    hidden_of = _ranked if metric.event or question.query.cumulative else _changed
    for n, part in enumerate(parts):
        for key in hidden_of(question, metric, dimension, part, values) & values.keys():
            values[key][n] = Amount(None)
            question.note("withheld")


def _ranked(
    question: Question, metric: Metric, dimension: Dimension, part: Period, keys: Iterable[str]
) -> set[str]:
    """Return what the ranking of an interval, or of all until its end, withholds."""
    period = whole_of(question, part)
    return Cells(question, dimension, [metric], period, keys).hidden[metric.id]


def _changed(
    question: Question, metric: Metric, dimension: Dimension, part: Period, keys: Iterable[str]
) -> set[str]:
    """Return what a ranking of net changes would withhold."""
    base, holdings = question.catalog.base(metric), question.walked
    before, now = (holdings.table(dimension.id, day) for day in (day_before(part), part.until))
    parts = {*before, *now, *keys}
    net = {key: now.get(key, NOTHING).minus(before.get(key, NOTHING)) for key in parts}
    columns = {m.id: {key: getattr(net[key], m.counter) for key in net} for m in (metric, base)}
    return withheld_columns(columns, {metric.id: base.id}, smallest_shown())[metric.id]


def _held(
    question: Question,
    metric: Metric,
    dimension: Dimension,
    keys: list[str],
    period: Period,
    interval: str,
) -> ByValue:
    """Return the values of a metric of records: net changes, or what there is."""
    holdings = question.walked
    flows = {key: holdings.cell_flows((dimension.id, key), period, interval) for key in keys}
    found = {key: net_changes(some, metric, period, interval) for key, some in flows.items()}
    if not question.query.cumulative:
        return found
    stocks = holdings.table(dimension.id, day_before(period))
    start = {key: getattr(stocks[key], metric.counter) if key in stocks else 0 for key in keys}
    return {key: running(values, start[key]) for key, values in found.items()}


def _of_files(question: Question, metric: Metric, interval: str) -> Maker:
    """Return what makes a series for each of the files of a record that were used most."""
    if question.query.cumulative:
        raise InvalidQueryError("cumulative", "cannot be given with files.")
    (whole,) = counts_of_files(question, [metric], [question.period])
    order = sorted(whole, key=lambda number: (-whole[number][metric.id], number))
    names = names_of_files(question)
    shown = {number: names.shown(number) for number in order[: question.query.size]}

    def made(pages: Pages) -> list[OneSeries]:
        period = pages.cut(question.period, interval)
        rows = counts_of_files(question, [metric], intervals(period, interval))
        values: ByValue = {
            id_: [Amount(row.get(number, {}).get(metric.id, 0)) for row in rows]
            for number, (id_, _label) in shown.items()
        }
        return _shown(question, metric, period, interval, values, dict(shown.values()))

    return Maker(len(shown), made)
