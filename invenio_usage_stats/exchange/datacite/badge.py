# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Views and downloads as DataCite shows them: a picture, and the data metrics badge of DataCite.

Views are unique investigations and downloads unique requests, both by people.
"""

import json
from typing import Any

from flask import Response, current_app, request
from invenio_i18n import gettext as _
from invenio_rdm_records.proxies import current_rdm_records_service

from ...errors import InvalidQueryError
from ...proxies import current_usage_stats
from ...resources.caching import etag, known, not_modified
from ...services.scopes import PATHS, Scope, anonymous
from ...views.model.format import Formatter, reader_locale
from ...views.model.numbers import AWAY
from ...views.places.picture import Face, answered, locale, picture, public_headers
from ..counter.documents import LEVELS, PARENT, RECORD
from ..counter.metrics import DOWNLOADS, VIEWS
from ..counter.months import usage_of
from .records import public_works

SHOWN = {"views": VIEWS, "downloads": DOWNLOADS}
"""What is shown, by the metrics of the statistics that are called the same."""


def badge(pid_value: str) -> Response:
    """Answer with the badge of a record, given by its id."""
    return answered(f"{PATHS['record']}/{pid_value}", _answer)


def _answer(scope: Scope) -> Response:
    """Return the badge of a record, or that nothing has changed."""
    level, names = _choice("level", LEVELS, RECORD), _choice("metric", (*SHOWN, ""), "")
    counts = totals(level, _dataset(scope.id, level))
    wanted = {name: counts[name] for name in ([names] if names else SHOWN)}
    headers = public_headers(etag(current_usage_stats.catalog, scope.title, wanted, locale()))
    if known(headers):
        return not_modified(headers)
    return picture(_face(scope.title, wanted), 200, headers)


def _choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return the value of a parameter; raise ``InvalidQueryError`` for what is not allowed."""
    value = request.args.get(name, default)
    if value not in allowed:
        text = ", ".join(filter(None, allowed))
        raise InvalidQueryError(name, f"{value!r} is not one of {text}.")
    return value


def _dataset(recid: str, level: str) -> str:
    """Return the id of the dataset that a record is on a level."""
    if level != PARENT:
        return recid
    return current_rdm_records_service.read(anonymous(), recid).data["parent"]["id"]


def totals(level: str, recid: str) -> dict[str, int]:
    """Return views and downloads of a dataset, of all counted months."""
    usage = usage_of(level, [recid])[recid]
    return {name: sum(one.counts[id_] for one in usage) for name, id_ in SHOWN.items()}


def _face(title: str, counts: dict[str, int]) -> Face:
    """Return numbers as a badge shows them."""
    text, sentences, cells = Formatter(reader_locale()), [], []
    for name, count in counts.items():
        metric = current_usage_stats.service.metric(name)
        label, number = str(metric.label), text.full(count, metric.unit)
        sentences.append(_("%(label)s of %(of)s: %(number)s", label=label, of=title, number=number))
        cells.append((label, text.short(count, metric.unit)))
    return Face("; ".join(sentences), tuple(cells))


def macro_metrics(record: Any) -> dict[str, Any] | None:
    """Return what the data metrics badge of a record shows, as the component takes it.

    ``record``: an item of the records service, a dictionary with its ``id``, or its id. Nothing
    where counting is off, or the record is not public or has no DOI.
    """
    if not current_app.config["USAGE_STATS_COUNTER"]:
        return None
    recid = record if isinstance(record, str) else record["id"]
    try:
        work = public_works([recid]).get(recid)
        counts = totals(RECORD, recid) if work else {}
    except AWAY as error:
        current_app.logger.error("A metrics badge could not be made.", exc_info=error)
        return None
    if work is None:
        return None
    return {"doi": work.doi, "input": json.dumps(counts), "face": _face(work.title, counts)}
