# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The files of a record: their downloads, and their names."""

from typing import NamedTuple

from invenio_i18n import gettext as _
from invenio_rdm_records.proxies import current_rdm_records_service

from ..aggregations.sheets.days import file_number
from ..catalog import Metric
from ..errors import InvalidQueryError
from ..reader.periods import Period
from .counting import Counted
from .question import Question
from .results import Top, TopRow
from .rows import list_of
from .withholding import smallest_shown, withheld_columns

FILES = "files"
VISITORS = "visitors"


class Names(NamedTuple):
    """Know the names of files that a reader may see, by their number."""

    known: dict[int, str]

    def shown(self, number: int) -> tuple[str, str]:
        """Return id and label of a file; of one without a name, its number."""
        name = self.known.get(number)
        return (name, name) if name else (str(number), _("File %(number)s", number=number))


def files(question: Question) -> Top:
    """Return the files of a record with most of the first metric.

    Files that the reader may not see, or that are no longer there, have a number for a name.
    """
    metrics = question.metrics(("downloads", "traffic"))
    question.check_rows(metrics)
    base = question.catalog.base(metrics[0])
    (found,) = counts_of_files(question, [*metrics, base], [question.period])
    names, first = names_of_files(question), metrics[0].id
    hidden = _withheld(question, metrics, found)
    ranked = (number for number in found if number not in hidden[first])
    order = sorted(ranked, key=lambda number: (-found[number][first], names.shown(number)))
    size, page = question.query.size, question.query.page
    rows = []
    for number in order[(page - 1) * size : page * size] if size else order:
        values = {m.id: None if number in hidden[m.id] else found[number][m.id] for m in metrics}
        rows.append(TopRow(*names.shown(number), values))
    return list_of(question, metrics, rows, len(order))


def _withheld(
    question: Question, metrics: list[Metric], found: dict[int, Counted]
) -> dict[str, set[int]]:
    """Return which files are withheld of each metric."""
    bases = {metric.id: question.catalog.base(metric).id for metric in metrics}
    columns = {id_: {n: row[id_] for n, row in found.items()} for id_ in {*bases, *bases.values()}}
    hidden = withheld_columns(columns, bases, smallest_shown())
    if any(hidden.values()):
        question.note("withheld")
    return hidden


def counts_of_files(
    question: Question, metrics: list[Metric], periods: list[Period]
) -> list[dict[int, Counted]]:
    """Return for each period the numbers of each file, by the file's number."""
    if question.scope.kind != "record":
        raise InvalidQueryError("dimension", "files are known in a record only.")
    for metric in metrics:
        if metric.event != "download" or metric.distinct or metric.counter == VISITORS:
            raise InvalidQueryError("metric", f"{metric.id} are not known by files.")
    named, found = question.lines().named, []
    for usage, choice in question.listings(periods):
        parts = choice.files(usage).items()
        found.append({number: named(part.numbers(), metrics) for number, part in parts})
    return found


def names_of_files(question: Question) -> Names:
    """Return the names of the files that a record has and the reader may see."""
    service = current_rdm_records_service
    record = service.record_cls.pid.resolve(question.scope.id)
    allowed = service.check_permission(question.identity, "read_files", record=record)
    if not allowed or not record.files.enabled:
        return Names({})
    bucket = record.files.bucket_id
    entries = record.files.entries.items()
    return Names({file_number(f"{bucket}_{entry.file.file_id}"): key for key, entry in entries})
