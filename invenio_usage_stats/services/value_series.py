# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Series of the largest values of a dimension, or of the files of a record."""

from invenio_i18n import lazy_gettext as _

from ..catalog import Dimension, Metric
from ..errors import InvalidQueryError, UnanswerableError
from ..reader.periods import Period, intervals
from ..reader.usage import BEGINNING
from .cells import Cells, largest
from .files import FILES, counts_of_files, names_of_files
from .paging import Maker, Pages
from .parts import Amount
from .points import Values, day_before, net_changes, points, running
from .question import Question
from .results import OneSeries
from .withholding import smallest_shown

ByValue = dict[str, Values]


def of_values(question: Question, metric: Metric, interval: str) -> Maker:
    """Return what makes a series for each of the largest values of a dimension."""
    name = question.query.dimension
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
    if cumulative:
        before = Period(BEGINNING, day_before(period))
        table = usage.table(before, dimension.id, [metric])
        values = {k: running(v, table.bound(k, metric.id) or 0) for k, v in values.items()}
    elif smallest_shown():
        _withhold(question, metric, dimension, parts, values)
    return values


def _withhold(
    question: Question,
    metric: Metric,
    dimension: Dimension,
    parts: list[Period],
    values: ByValue,
) -> None:
    """Withhold of each interval what its ranking withholds."""
    for n, part in enumerate(parts):
        hidden = Cells(question, dimension, [metric], part).hidden[metric.id]
        for key in hidden & values.keys():
            values[key][n] = Amount(None)


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
