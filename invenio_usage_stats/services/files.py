# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The files of a record: their downloads, and their names."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_principal import Identity
from invenio_i18n import gettext as _
from invenio_rdm_records.proxies import current_rdm_records_service

from ..aggregations.sheets.days import file_number
from ..catalog import Metric
from ..errors import InvalidQueryError
from ..reader.periods import Period
from . import visible
from .counting import Counted
from .question import Question
from .results import Top, TopRow
from .rows import list_of
from .withholding import smallest_shown, withheld_columns

FILES = "files"
VISITORS = "visitors"


class Names(NamedTuple):
    """Know the names of files that a reader may see, by their number."""

    known: dict[int, tuple[str, str]]

    def shown(self, number: int) -> tuple[str, str]:
        """Return id and label of a file; of one without a name, its number."""
        return self.known.get(number) or without_name(number)


def without_name(number: int) -> tuple[str, str]:
    """Return id and label of a file that the reader may not see, or that is no longer there."""
    return str(number), _("File %(number)s", number=number)


def files(question: Question) -> Top:
    """Return the files of a record with most of the first metric.

    Files that the reader may not see, or that are no longer there, have a number for a name.
    """
    question.refuse_comparison("files")
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
    """Return the names of the files that the reader may see, of all versions that count.

    Files of other versions than the scope's own can have the same names, so they say whose.
    """
    own, identity = question.scope.id, question.identity
    others = [known.recid for known in question.records if known.recid != own]
    found: dict[int, tuple[str, str]] = {}
    for recid in visible.records(identity, others) if others else ():
        record = current_rdm_records_service.record_cls.pid.resolve(recid)
        version = record.versions.index
        for number, key in _keys(identity, record):
            label = _("%(name)s (version %(version)s)", name=key, version=version)
            found[number] = f"{recid}/{key}", label
    record = current_rdm_records_service.record_cls.pid.resolve(own)
    return Names(found | {number: (key, key) for number, key in _keys(identity, record)})


def _keys(identity: Identity, record: Any) -> Iterator[tuple[int, str]]:
    """Yield the names of a record's files by number, for those who may see them."""
    allowed = current_rdm_records_service.check_permission(identity, "read_files", record=record)
    if allowed and record.files.enabled:
        for key, entry in record.files.entries.items():
            yield file_number(f"{record.files.bucket_id}_{entry.file.file_id}"), key
