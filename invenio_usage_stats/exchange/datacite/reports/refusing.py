# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What harvesters get when no report can be made at the moment, in the shape of reports."""

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException, TooManyRequests

from ....resources.errors import ERROR_HANDLERS
from . import dsr, question, remarks
from .reporter import reporter


def as_report(handler: Callable[[Any], Response]) -> Callable[[Any], Response]:
    """Return a handler that answers with a report's header where another one tells of a problem."""

    def handle(error: Exception) -> Response:
        answer = handler(error)
        kind = KINDS.get(answer.status_code)
        if kind is not None:
            answer.set_data(jsonify(_without_datasets(kind.about(answer.json["message"]))).data)
            answer.mimetype = "application/json"
        return answer

    return handle


def _without_datasets(remark: remarks.Remark) -> dict[str, Any]:
    """Return a report that says why it is empty."""
    period = question.read(request.args.items(multi=True)).wanted.period
    return {"report-header": dsr.header(reporter(), period, [remark]), "report-datasets": []}


KINDS = {kind.status: kind for kind in (remarks.UNAVAILABLE, remarks.TOO_MANY)}
"""Exceptions by the status of the answers that they stand in."""
HANDLERS = {error: as_report(handler) for error, handler in ERROR_HANDLERS.items()}
HANDLERS[TooManyRequests] = HANDLERS[HTTPException]
"""All errors that reach the resource; this one by its name, as the application has it, too."""
