# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""An application whose files can be made whole, or break off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Flask, Response
from flask_resources.context import ResourceRequestCtx
from invenio_i18n import InvenioI18N

from invenio_usage_stats.catalog import DIMENSIONS, METRICS, Catalog
from invenio_usage_stats.errors import SearchEngineError
from invenio_usage_stats.reader.freshness import Freshness
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.resources.serializers import CSVSerializer, FileHandler, XLSXSerializer
from invenio_usage_stats.resources.serializers.answer import Answer
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.results import Line, Result
from invenio_usage_stats.services.scopes import REPOSITORY

DAY = date(2026, 1, 1)
LINES = 5_000
FORMS = {"csv": CSVSerializer, "xlsx": XLSXSerializer}
application = Flask(__name__)
InvenioI18N(application)


@dataclass(frozen=True, kw_only=True)
class Lines(Result):
    """Be lines of which some cannot be made."""

    made: int

    def table(self) -> Iterator[Line]:
        for n in range(self.made):
            yield self.line(DAY, "views", "events", n)
        if self.made < LINES:
            raise SearchEngineError("The search engine cannot answer.")


@application.get("/<form>/<int:made>")
def file(form: str, made: int) -> Response:
    """Answer a file; it breaks off after fewer lines than there are."""
    result = Lines(
        scope=REPOSITORY,
        query=Query(),
        period=Period(DAY, DAY),
        comparison=None,
        freshness=Freshness(None, None, None),
        notes=[],
        made=made,
    )
    answer = Answer("series", result, {"self": ""}, {}, Catalog(METRICS, DIMENSIONS))
    with ResourceRequestCtx(None):
        return FileHandler(FORMS[form]()).make_response(answer, 200)
