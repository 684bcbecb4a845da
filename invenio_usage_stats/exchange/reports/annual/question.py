# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The question for a report, as it is asked by HTTP."""

from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from ....catalog import Catalog
from ....errors import InvalidQueryError
from ....resources.formats import PARAMETER
from ....resources.links import without
from ....resources.questions import SECRET, Question
from ....services.query import Query
from ....services.years import YEAR, Years

ALLOWED = (YEAR, "filter", "size", "locale")
"""The parameters of a report."""


@dataclass(frozen=True)
class AnnualQuestion(Question):
    """Be the question for a report: a year, and what records are chosen by."""

    first_day: date | None = None
    """The first day with anything to report."""

    def query(self, catalog: Catalog, *, whole: bool) -> Query:
        """Return the parameters as typed values; raises ``InvalidQueryError``.

        A report is the same in each format, so ``whole`` means nothing to it.
        """
        given = without(self.pairs, PARAMETER, SECRET)
        for name, _ in given:
            if name not in ALLOWED:
                raise InvalidQueryError(name[:100], f"is not one of {', '.join(ALLOWED)}.")
        years = {value for name, value in given if name == YEAR}
        if len(years) > 1:
            raise InvalidQueryError(YEAR, "is given more than once.")
        year = Years.read(next(iter(years), None), self.first_day).shown
        pairs = [*without(given, YEAR), ("period", year.name), ("compare", "year")]
        return replace(Query.read(MultiDict(pairs), catalog), extent="page", counted=False)
