# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Why a panel has no answer, and where there is one."""

from typing import Any

from babel.lists import format_list
from flask import current_app
from invenio_i18n import gettext as _

from ...catalog import Dimension
from ...errors import CostError, TooManyDaysError, UnanswerableError, UsageStatsError
from ..model.numbers import AWAY
from .context import Context
from .listing import LABELS

SHORT = "last-quarter"
"""The longest period by name of which single events are counted."""


def failure(context: Context, error: Exception, broken_down: Any = None) -> dict[str, Any]:
    """Return why a panel has no answer: ``why`` if that is because of filters, or of one record.

    ``broken_down``: the dimension of which the panel has the values, or the name of its list.
    """
    if isinstance(error, AWAY):
        current_app.logger.error("Statistics could not be read.", exc_info=error)
        return {"error": _("The numbers cannot be read at the moment. Please try again later.")}
    if isinstance(error, UnanswerableError) and not isinstance(error, CostError):
        chosen = bool(context.state.address.filter) or context.numbers.scope.kind == "record"
        return unanswered(context, error, broken_down) if chosen else {"error": str(error)}
    return {"error": _sentence(error)}


def unanswered(context: Context, error: UnanswerableError, broken_down: Any) -> dict[str, Any]:
    """Return why a question has no answer, and the way to the same one about fewer days."""
    if not isinstance(error, TooManyDaysError):
        return {"why": str(error), "way": None}
    href = context.state.address.named(SHORT)
    way = {"label": _("Show the last quarter"), "href": href}
    return {"why": _too_many(context, error, _combined(context, broken_down)), "way": way}


def _combined(context: Context, broken_down: Any) -> list[str]:
    """Return what is combined: the properties that are filtered by, and the panel's own."""
    known = context.numbers.catalog.dimensions
    found = [known[one.dimension].label for one in context.state.query.filters]
    if isinstance(broken_down, Dimension):
        found.append(broken_down.label)
    elif isinstance(broken_down, str):
        found.append(LABELS[broken_down])
    return list(dict.fromkeys(map(str, found)))


def _too_many(context: Context, error: TooManyDaysError, names: list[str]) -> str:
    """Say what is counted for fewer days only."""
    if not names:
        return str(error)
    combination = format_list(names, locale=context.text.locale)
    values = {"combination": combination, "most": error.most, "days": error.days}
    if context.numbers.scope.kind == "record":
        return _(
            "%(combination)s of a single record: this is counted from single events, for at most "
            "%(most)s days; these are %(days)s.",
            **values,
        )
    return _(
        "%(combination)s together: this is counted from single events, for at most %(most)s days; "
        "these are %(days)s.",
        **values,
    )


def _sentence(error: Exception) -> str:
    """Return what one of our own errors says."""
    if isinstance(error, UsageStatsError) and str(error):
        return str(error)
    return _("This panel has no numbers here.")
