# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of the files of a record by their downloads."""

from invenio_i18n import gettext as _
from invenio_rdm_records.proxies import current_rdm_records_service

from ..aggregations.sheets.days import file_number
from ..aggregations.sheets.sheet import CELLS
from ..errors import InvalidQueryError
from ..reader.usage import usage_by_interval
from .question import Question
from .results import Top, TopRow
from .rows import list_of
from .withholding import smallest_shown, withheld


def files(question: Question) -> Top:
    """Return the files of a record with most of the first metric.

    Files that the reader may not see, or that are no longer there, have a number for a name.
    """
    if question.scope.kind != "record":
        raise InvalidQueryError("dimension", "files are ranked in a record only.")
    metrics = question.metrics(("downloads", "traffic"))
    for metric in metrics:
        if (
            metric.event != "download"
            or metric.distinct
            or metric.counter in ("visitors", "uniques")
        ):
            raise InvalidQueryError("metric", f"{metric.id} are not known by files.")
    question.check_cost(len(metrics))
    lines = question.lines()
    only = [CELLS, *lines.choice.sections]
    (usage,) = usage_by_interval(question.columns, [lines.places(question.period)], only)
    found = {
        number: lines.named(part.numbers(), metrics)
        for number, part in lines.choice.files(usage).items()
    }
    names, first, limit = names_of_files(question), metrics[0].id, smallest_shown()
    hidden = {m.id: withheld({n: r[m.id] for n, r in found.items()}, limit) for m in metrics}
    rows = [
        TopRow(
            id=names.get(number, str(number)),
            label=names.get(number) or _("File %(number)s", number=number),
            values={id_: None if number in hidden[id_] else v for id_, v in numbers.items()},
        )
        for number, numbers in sorted(
            found.items(), key=lambda pair: (-pair[1][first], names.get(pair[0], str(pair[0])))
        )
    ]
    size, page = question.query.size, question.query.page
    shown = rows[(page - 1) * size : page * size] if size else rows
    return list_of(question, metrics, shown, len(rows))


def names_of_files(question: Question) -> dict[int, str]:
    """Return the names of the files that a record has and the reader may see, by their number."""
    service = current_rdm_records_service
    record = service.record_cls.pid.resolve(question.scope.id)
    allowed = service.check_permission(question.identity, "read_files", record=record)
    if not allowed or not record.files.enabled:
        return {}
    return {
        file_number(f"{record.files.bucket_id}_{entry.file.file_id}"): key
        for key, entry in record.files.entries.items()
    }
