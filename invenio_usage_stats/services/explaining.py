# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Explanations: how a number came about, step by step."""

from invenio_i18n import lazy_gettext as _

from ..catalog import Metric
from ..errors import UnanswerableError
from ..indices import USAGE_EVENTS
from ..reader.stored import StoredEvents, still_stored, stored_events
from .permissions import allows
from .question import Question
from .results import Explanation, Number, Step
from .totals import values

STORED = _("Events stored by the repository"), _("All events of this kind in the period.")
ROBOTS = _("Robots left out"), _("Events that the repository has marked as those of robots.")
API = _("Requests by API left out"), _("Views that did not come from a landing page.")
OTHERS = (
    _("Not counted"),
    _("Downloads of drafts' files, and events that came after the last run."),
)
ELSEWHERE = (
    _("Other records, or outside of a membership"),
    _("Events that count for the repository, and not for this scope or these filters."),
)
COUNTED = _("Counted"), _("Events that count here.")
BEFORE = _("Held before the period"), _("What there was when the period began.")
JOINED = _("Joined"), _("What was added in the period, changed files and properties included.")
LEFT = _("Left"), _("What was removed in the period, changed files and properties included.")
HELD = _("Held at its end"), _("What there is when the period ends.")

WITHHELD = _("Small numbers are withheld, so what they come from is not explained.")


def explain(question: Question) -> Explanation:
    """Return the steps that lead to a metric."""
    question.refuse_comparison("explain")
    metric = question.metrics((next(iter(question.catalog.metrics)),))[0]
    counted = question.counted(metric)
    question.check_cost(1)
    steps = _of_usage(question, counted) if counted.event else _of_records(question, counted)
    return Explanation(metric=metric.id, unit=metric.unit, steps=steps, **question.head())


def _step(texts: tuple, value: Number) -> Step:
    """Return a step in the reader's language."""
    label, text = texts
    return Step(str(label), value, str(text))


def _of_usage(question: Question, metric: Metric) -> list[Step]:
    """Return the steps from stored events to a metric of usage."""
    events = question.catalog.counter(metric.event, "events")
    question.require(metric)
    wanted = list(dict.fromkeys((events, metric)))
    (found,) = values(question, wanted, [question.period])
    counted = found[events.id].value
    _check_shown(question, counted, found[metric.id].value)
    steps = _stored_steps(question, events, counted) if _may_see_stored(question) else []
    steps.append(_step(COUNTED, counted))
    if metric is not events:
        steps.append(Step(str(metric.label), found[metric.id].value, str(metric.definition)))
    return steps


def _may_see_stored(question: Question) -> bool:
    """Tell whether the reader may see how many events the repository has in all.

    Those of a record are its own. Of a community the way begins with those of the repository.
    """
    return question.scope.kind == "record" or allows(question.identity, "read_global")


def _stored_steps(question: Question, events: Metric, counted: Number) -> list[Step]:
    """Return the steps from stored events to those that count."""
    if not still_stored(question.catalog, question.period, (*USAGE_EVENTS, events.event)):
        raise UnanswerableError(_("The events of this period are no longer stored."))
    records = question.records if _is_record(question) else None
    stored = stored_events(events.event, question.period, records, question.query.level)
    steps = [_step(STORED, stored.stored), _step(ROBOTS, -stored.robots)]
    if events.event == "view":
        steps.append(_step(API, -stored.api))
    return [*steps, *_left_out(question, events, stored, counted)]


def _left_out(
    question: Question, events: Metric, stored: StoredEvents, counted: Number
) -> list[Step]:
    """Return what is left between what the repository counts and what counts here."""
    if counted is None:
        raise UnanswerableError(_("This number does not follow exactly, so it is not explained."))
    if question.scope.kind != "community" and not question.wanted:
        return [_step(OTHERS, counted - stored.left)]
    whole = question.whole().totals([question.period], [events])[0][events.id]
    return [_step(OTHERS, whole - stored.left), _step(ELSEWHERE, counted - whole)]


def _check_shown(question: Question, *numbers: Number) -> None:
    """Raise ``UnanswerableError`` if one of some numbers is withheld."""
    if None in numbers and "withheld" in question.notes:
        raise UnanswerableError(WITHHELD)


def _is_record(question: Question) -> bool:
    """Tell whether this is about a record."""
    return question.scope.kind == "record"


def _of_records(question: Question, metric: Metric) -> list[Step]:
    """Return the steps from what there was to what there is."""
    (found,) = values(question, [metric], [question.period])
    total = found[metric.id]
    _check_shown(question, total.value, total.added)
    if metric.distinct:
        return [_step(JOINED, total.added), _step(HELD, total.value)]
    before = total.value - total.added + total.removed
    steps = ((BEFORE, before), (JOINED, total.added), (LEFT, -total.removed), (HELD, total.value))
    return [_step(texts, value) for texts, value in steps]
