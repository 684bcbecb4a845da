# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is to be sent: a result of the service with what HTTP adds to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from invenio_i18n import force_locale, get_locale
from werkzeug.utils import secure_filename

from ...catalog import Catalog
from ...services.results import Line, Result

COLUMNS = Line._fields
"""The columns of files: one line for each number."""
WHOLE = "repository"


@dataclass(frozen=True)
class Answer:
    """Be the result of a question with its links and headers."""

    question: str
    result: Result
    links: dict[str, str]
    headers: dict[str, str]
    catalog: Catalog

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {**self.result.to_dict(), "links": self.links}

    def filename(self, extension: str) -> str:
        """Return a name made of scope, question and period."""
        scope, (since, until) = self.result.scope, self.result.period.bounds
        name = WHOLE if scope.is_global else scope.slug or scope.id
        return secure_filename(f"{name}-{self.question}-{since}-{until}.{extension}")

    def about(self) -> Iterator[tuple[str, ...]]:
        """Yield what was asked, as of when, what is to be known, and what the metrics count."""
        result = self.result
        yield "address", self.links["self"]
        yield "scope", result.scope.path, result.scope.title
        yield "since", result.period.since.isoformat()
        yield "until", result.period.until.isoformat()
        for part in (result.query, result.freshness):
            for name, value in part.to_dict().items():
                yield name, ", ".join(value) if isinstance(value, list) else str(value or "")
        for note in result.notes:
            yield "note", str(note.text)
        yield ()
        yield "metric", "name", "unit", "definition"
        yield from self._definitions()

    def _definitions(self) -> list[tuple[str, ...]]:
        """Return what the metrics count, in the language of the answer."""
        with force_locale(self.result.query.locale or get_locale()):
            return [
                (metric.id, str(metric.label), metric.unit, str(metric.definition))
                for metric in self.catalog.metrics.values()
            ]
