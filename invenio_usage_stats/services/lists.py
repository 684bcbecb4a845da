# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of what has a page of its own: records, their files, communities, uploaders.

Only what the reader may see is listed, whatever else would rank before it; so there are as many
rows as were asked for, and none of them tells of anything hidden.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from ..catalog import Metric
from ..errors import InvalidQueryError, UnknownScopeError
from ..reader.holdings import Stock
from ..reader.rankings import Ranked, best, order_of
from . import visible
from .files import files
from .permissions import allows
from .question import Question
from .records import records
from .results import Number, Top, TopRow
from .rows import changes, list_of
from .several import LOOKS, Scopes, listed
from .visible import Seen
from .withholding import is_small, smallest_shown, withheld_columns


def communities(question: Question) -> Top:
    """Return the communities with most of a metric."""
    if not question.scope.is_global:
        raise InvalidQueryError("dimension", "communities are ranked in the repository only.")
    return _of_scopes(question, None)


def subcommunities(question: Question) -> Top:
    """Return the sub-communities with most of a metric."""
    if question.scope.kind != "community":
        raise InvalidQueryError("dimension", "subcommunities are ranked in a community only.")
    return _of_scopes(question, visible.subcommunities(question.identity, question.scope.id))


def _of_scopes(question: Question, only: list[str] | None) -> Top:
    """Return the communities, or some of them, with most of the first metric."""
    metrics = question.metrics(("records", "views", "downloads"))
    question.check_list(metrics)
    now = Scopes(question, metrics, question.period)
    before = Scopes(question, metrics, question.earlier) if question.earlier else None
    bounds = now.bounds(metrics[0])
    wanted = bounds if only is None else {id_: bounds.get(id_, 0) for id_ in only}
    known = {id_: bound for id_, bound in wanted.items() if listed(bound)}

    def see(ids: list[str]) -> dict[str, Seen]:
        return visible.communities(question.identity, ids)

    ranked = best(order_of(known), see, _page_end(question), now.exact)
    rows = [_row_of_scope(question, one, now, before) for one in _page(question, ranked)]
    # Without filters, what has a bound has a number.
    count = _count(see, known, now.exact if question.wanted or smallest_shown() else None)
    return list_of(question, metrics, rows, count)


def _count(
    see: Callable[[list[str]], dict[str, Seen]],
    known: Iterable[str],
    exact: Callable[[str], Number] | None,
) -> int | None:
    """Return how many communities are visible and have a number; none for very many."""
    ids = list(known)
    if len(ids) > (LOOKS if exact else visible.MOST):
        return None
    seen = _all_seen(see, ids)
    return sum(1 for id_ in seen if exact(id_)) if exact else len(seen)


def _row_of_scope(question: Question, one: Ranked, now: Scopes, before: Scopes | None) -> TopRow:
    """Return the row of a community."""
    numbers, change = _shown(question, now.numbers(one.id)), None
    if before:
        change = changes(question, now.metrics, numbers, _shown(question, before.numbers(one.id)))
    return TopRow(one.id, one.seen.label, numbers, compared=change, link=one.seen.link)


def _shown(question: Question, numbers: Mapping[str, Number]) -> dict[str, Number]:
    """Return numbers without the small ones, if these are to be withheld."""
    limit = smallest_shown()
    if any(is_small(value, limit) for value in numbers.values()):
        question.note("withheld")
    return {id_: None if is_small(value, limit) else value for id_, value in numbers.items()}


def _all_seen(see: Callable[[list[str]], dict[str, Seen]], ids: Iterable[str]) -> dict[str, Seen]:
    """Return all of some ids that are visible."""
    return see(list(ids)) if ids else {}


def uploaders(question: Question) -> Top:
    """Return the owners of most records, of those whose profile is public."""
    if not allows(question.identity, "read_uploaders"):
        raise UnknownScopeError(question.scope.path)
    question.refuse_comparison("uploaders")
    metrics = question.metrics(("records",))
    for metric in metrics:
        if metric.event or metric.distinct:
            raise InvalidQueryError("metric", f"{metric.id} are not known by uploaders.")
    question.check_list(metrics)
    owners, day = question.documents.records.owners, question.period.until
    stocks = question.walked.table(owners, day)
    columns, hidden = _owned(question, metrics, stocks)
    first = metrics[0].id

    def see(ids: list[str]) -> dict[str, Seen]:
        return visible.uploaders(question.identity, ids)

    known = {id_: n for id_, n in columns[first].items() if id_ and n and id_ not in hidden[first]}
    ranked = best(order_of(known), see, _page_end(question), None)
    rows = []
    for one in _page(question, ranked):
        numbers = {m.id: columns[m.id][one.id] for m in metrics if one.id not in hidden[m.id]}
        rows.append(TopRow(one.id, one.seen.label, {m.id: numbers.get(m.id) for m in metrics}))
    count = len(_all_seen(see, known)) if len(known) <= visible.MOST else None
    return list_of(question, metrics, rows, count)


def _owned(
    question: Question, metrics: list[Metric], stocks: Mapping[str, Stock]
) -> tuple[dict[str, dict[str, int]], dict[str, set[str]]]:
    """Return the numbers of each owner by metric, and whose are withheld."""
    bases = {metric.id: question.catalog.base(metric) for metric in metrics}
    counters = {base.id: base.counter for base in bases.values()}
    counters |= {metric.id: question.counted(metric).counter for metric in metrics}
    columns = {
        id_: {owner: getattr(stock, counter) for owner, stock in stocks.items()}
        for id_, counter in counters.items()
    }
    known = {id_: base.id for id_, base in bases.items()}
    hidden = withheld_columns(columns, known, smallest_shown())
    if any(hidden.values()):
        question.note("withheld")
    return columns, hidden


def _page_end(question: Question) -> int | None:
    """Return the number of the last row of the page; none for all rows."""
    size = question.query.size
    return None if size is None else size * question.query.page


def _page(question: Question, ranked: list[Ranked]) -> list[Ranked]:
    """Return the rows of the page."""
    size = question.query.size
    return list(islice(ranked, (question.query.page - 1) * size, None)) if size else ranked


LISTS: dict[str, Callable[[Question], Top]] = {
    "records": records,
    "files": files,
    "communities": communities,
    "subcommunities": subcommunities,
    "uploaders": uploaders,
}
"""How each list is made, by the name that a question gives."""
