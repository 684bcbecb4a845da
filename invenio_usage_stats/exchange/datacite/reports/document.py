# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports as they are sent: piece by piece, as JSON or as a table."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from flask_resources.serializers import BaseSerializer

from ....resources.serializers.handlers import DataHandler, FileHandler
from . import dsr, tsv
from .dsr import Dataset
from .question import Asked
from .remarks import Remark
from .reporter import Reporter
from .spans import month_of

JSON, TSV = "application/json", "text/tab-separated-values"
PIECE = 200
"""So many datasets or rows are sent at once."""


class Document(NamedTuple):
    """Be a report that is yet to be written."""

    asked: Asked
    remarks: tuple[Remark, ...]
    datasets: Iterable[Dataset]
    reporter: Reporter

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the answer: numbers of open months change every hour."""
        return {"Cache-Control": "no-cache", "Vary": "Accept"}

    def filename(self, extension: str) -> str:
        """Return the name of the file."""
        months = dict.fromkeys(map(month_of, self.asked.wanted.period.bounds))
        return f"{'-'.join((dsr.ID, *months))}.{extension}"


class JSONReport(BaseSerializer):
    """Write a report as JSON."""

    def serialize_object(self, obj: Document) -> Iterator[bytes]:
        """Yield a report in pieces."""
        return json_pieces(_header(obj), (_entry(obj, one) for one in obj.datasets))


class TSVReport(BaseSerializer):
    """Write a report as a table."""

    extension = "tsv"
    content_type = f"{TSV}; charset=utf-8"

    def serialize_object(self, obj: Document) -> Iterator[bytes]:
        """Yield a report in pieces."""
        question = obj.asked
        wanted, told = question.wanted, (question.filters, question.attributes)
        head = tsv.head(obj.reporter, wanted, obj.remarks, *told)
        lines = map(tsv.line, chain(head, tsv.body(obj.datasets, obj.reporter, wanted)))
        while some := list(islice(lines, PIECE)):
            yield "".join(some).encode()


class TSVHandler(FileHandler):
    """Send a report as a file, while it is being made."""


class JSONHandler(FileHandler):
    """Send a report while it is being made, for programs."""

    make_headers = DataHandler.make_headers


def json_pieces(header: dict, entries: Iterable[dict]) -> Iterator[bytes]:
    """Yield a report as JSON, many datasets at once."""
    yield f'{{"report-header":{as_json(header)},"report-datasets":['.encode()
    texts, before = map(as_json, entries), ""
    while some := list(islice(texts, PIECE)):
        yield (before + ",".join(some)).encode()
        before = ","
    yield b"]}"


def as_json(value: dict) -> str:
    """Return a part of a report as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _header(document: Document) -> dict:
    """Return the header of a report."""
    question = document.asked
    told = (question.filters, question.attributes)
    return dsr.header(document.reporter, question.wanted.period, document.remarks, *told)


def _entry(document: Document, dataset: Dataset) -> dict:
    """Return a dataset of a report."""
    return dsr.entry(dataset, document.reporter, document.asked.wanted)
