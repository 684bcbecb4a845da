# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A report as it is sent: rows that are made while they are written as CSV, XLSX or JSON."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from flask_resources.serializers import BaseSerializer
from werkzeug.utils import secure_filename

from ...proxies import current_usage_stats
from ...reader.freshness import as_of
from ...resources.caching import VARY
from ...resources.serializers.csv import CSVSerializer, pieces
from ...resources.serializers.handlers import DataHandler, FileHandler
from ...resources.serializers.sheets import Head
from ...resources.serializers.xlsx import Cells, XLSXSerializer, tables, workbook
from .asked import Asked

PIECE = 200
"""So many rows of JSON are sent at once."""
WIDTH = 20
METRICS = ("views", "visits", "downloads", "traffic")
"""What the columns of numbers count."""


class Report(NamedTuple):
    """Be rows with named columns, and what was asked for them."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Cells]
    """Each begins with the type of what it is about."""
    asked: Asked

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the answer: it is for its reader alone."""
        return {"Cache-Control": "private, no-store", "Vary": VARY}

    def filename(self, extension: str) -> str:
        """Return the name of the file."""
        asked = self.asked
        parts = (self.name, asked.scope, asked.since, asked.until)
        return secure_filename(f"{'-'.join(str(part) for part in parts if part)}.{extension}")

    def question(self) -> dict[str, str]:
        """Return what was asked for, and up to when everything is counted."""
        asked, moment = self.asked, as_of()
        found = {name: getattr(asked, name) for name in ("scope", "since", "until", "date_field")}
        found |= {"include_zero": str(asked.include_zero).lower(), "sort": asked.sort}
        found["as_of"] = moment and moment.replace(microsecond=0).isoformat()
        return {name: str(value) for name, value in found.items() if value}

    def about(self) -> Iterator[tuple[str, ...]]:
        """Yield what was asked for, and what the numbers count."""
        yield from self.question().items()
        yield ()
        known = current_usage_stats.catalog.metrics
        for metric in map(known.__getitem__, METRICS):
            yield metric.id, str(metric.label), metric.unit, str(metric.definition)


class ReportCSV(CSVSerializer):
    """Write a report as CSV (RFC 4180)."""

    def serialize_object(self, obj: Report) -> Iterator[bytes]:
        """Yield a file in pieces."""
        return pieces(obj.columns, (map(_joined, row) for row in obj.rows))


class ReportXLSX(XLSXSerializer):
    """Write a report as a workbook with a sheet for each type of things."""

    def serialize_object(self, obj: Report) -> Iterator[bytes]:
        """Yield a workbook in pieces."""
        head = Head(obj.columns, (WIDTH,) * len(obj.columns))
        found = tables(obj.rows, lambda row: row[0], obj.name)
        return workbook(head, ((name, map(_cells, rows)) for name, rows in found), obj.about)


class ReportJSON(BaseSerializer):
    """Write a report as JSON."""

    def serialize_object(self, obj: Report) -> Iterator[bytes]:
        """Yield a report in pieces."""
        texts = (_as_json(_object(obj.columns, row)) for row in obj.rows)
        # What cannot be answered shows with the first row, before anything is sent.
        first = ",".join(islice(texts, PIECE))
        yield f'{{"asked":{_as_json(obj.question())},"rows":[{first}'.encode()
        while some := list(islice(texts, PIECE)):
            yield ("," + ",".join(some)).encode()
        yield b"]}"


class JSONHandler(FileHandler):
    """Send a report while it is being made, for programs."""

    make_headers = DataHandler.make_headers


def _joined(value: Any) -> Any:
    """Return what stands in a cell of a table: several things are one text."""
    return ", ".join(value) if isinstance(value, tuple) else value


def _cells(row: Cells) -> Cells:
    """Return the cells of a row."""
    return tuple(map(_joined, row))


def _object(columns: tuple[str, ...], row: Cells) -> dict[str, Any]:
    """Return a row by the names of columns; texts that are empty are none."""
    return {name: _plain(value) for name, value in zip(columns, row, strict=True)}


def _plain(value: Any) -> Any:
    """Return a cell as JSON has it."""
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value


def _as_json(value: Any) -> str:
    """Return a part of a report as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
