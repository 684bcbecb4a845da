# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Answers as text: JSON, XML, CSV and TSV, in Matomo's shapes."""

import csv
import io
import json
import re
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from ....errors import MatomoError
from .asked import Asked
from .keyed import Alone, Keyed, leaves

HEAD = '<?xml version="1.0" encoding="utf-8" ?>\n'
NO_DATA = "No data available"
TELLS_ABOUT = ("url", "segment")
"""What is told about rows, whose columns have a longer name in files."""
_CALLBACK = re.compile(r"[0-9A-Za-z_.]+", re.ASCII)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in XML."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class Text(NamedTuple):
    """Be an answer as it is sent."""

    body: bytes
    mimetype: str
    file: str = ""
    """The name of the file as which it is to be kept; empty for none."""


class Format(NamedTuple):
    """Be a way to write answers, and errors."""

    render: Callable[[Any, Asked], Text]
    refuse: Callable[[str, Asked], Text]


def format_of(asked: Asked) -> Format:
    """Return the wanted format; XML when none is named."""
    name = asked.optional("format").lower() or "xml"
    if name not in FORMATS:
        raise MatomoError(
            f"Renderer format '{name}' not valid. Try any of the following instead: "
            f"{', '.join(FORMATS)}."
        )
    return FORMATS[name]


def error_format(asked: Asked) -> Format:
    """Return how errors are written, even when there is no such format."""
    return FORMATS.get(asked.optional("format").lower(), FORMATS["xml"])


def plain(answer: Any) -> Any:
    """Return an answer as plain data, answers by name as objects."""
    if isinstance(answer, Keyed):
        return {name: plain(inner) for name, inner in answer.answers.items()}
    if isinstance(answer, Alone):
        return answer.columns
    return [plain(one) for one in answer] if isinstance(answer, list) else answer


def _json(answer: Any, asked: Asked) -> Text:
    """Return JSON; a bare value stands in an object."""
    data = plain(answer)
    return _json_text(data if isinstance(data, dict | list) else {"value": data}, asked)


def _json_text(data: Any, asked: Asked) -> Text:
    """Return JSON, or a call of the reader's function with it."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    callback = asked.optional("jsoncallback") or asked.optional("callback")
    if _CALLBACK.fullmatch(callback):
        return Text(f"{callback}({body})".encode(), "application/javascript; charset=utf-8")
    return Text(body.encode(), "application/json; charset=utf-8")


def _json_error(message: str, asked: Asked) -> Text:
    """Return an error as JSON."""
    return _json_text({"result": "error", "message": message}, asked)


def _xml(answer: Any, _asked: Asked) -> Text:
    """Return XML."""
    return _xml_text("\n".join(_results(answer, "results", "", "")))


def _xml_text(text: str) -> Text:
    """Return XML with its first line."""
    return Text(f"{HEAD}{text}".encode(), "text/xml; charset=utf-8")


def _xml_error(message: str, _asked: Asked) -> Text:
    """Return an error as XML."""
    return _xml_text(f'<result>\n\t<error message="{_quoted(message)}" />\n</result>')


def _results(answer: Any, outer: str, attribute: str, indent: str) -> list[str]:
    """Return the lines of an answer, or of those by name."""
    if not isinstance(answer, Keyed):
        return _element("result", answer, indent, attribute)
    lines = [f"{indent}<{outer}{attribute}>"]
    for name, inner in answer.answers.items():
        named = f' {answer.kind}="{_quoted(name)}"'
        lines += _results(inner, "result", named, f"{indent}\t")
    return [*lines, f"{indent}</{outer}>"]


def _element(name: str, value: Any, indent: str, attribute: str = "") -> list[str]:
    """Return the lines of an element."""
    if isinstance(value, Keyed):
        value = plain(value)
    if isinstance(value, Alone):
        value = [value.columns]
    if isinstance(value, list):
        inner = [line for one in value for line in _element("row", one, f"{indent}\t")]
    elif isinstance(value, dict):
        inner = [line for one in value.items() for line in _named(*one, f"{indent}\t")]
    else:
        inner, text = [], _quoted(str(value))
        if text:
            return [f"{indent}<{name}{attribute}>{text}</{name}>"]
    if not inner:
        return [_empty(f"{name}{attribute}", indent)]
    return [f"{indent}<{name}{attribute}>", *inner, f"{indent}</{name}>"]


def _named(name: str, value: Any, indent: str) -> list[str]:
    """Return an element with a name; a row with a key for what cannot be a name in XML."""
    if _NAME.fullmatch(name):
        return _element(name, value, indent)
    return _element("row", value, indent, f' key="{_quoted(name)}"')


def _empty(start: str, indent: str) -> str:
    """Return an element without content."""
    return f"{indent}<{start} />"


def _quoted(text: str) -> str:
    """Return a text as it may stand in XML."""
    return escape(_FORBIDDEN.sub("", text))


def _separated(separator: str, name: str) -> Format:
    """Return the format of files whose columns are separated by a sign."""

    def render(answer: Any, asked: Asked) -> Text:
        return _file(_table(answer, separator), name, asked)

    def refuse(message: str, _asked: Asked) -> Text:
        return Text(f"Error: {message}".encode(), "text/plain; charset=utf-8")

    return Format(render, refuse)


def _file(text: str, name: str, asked: Asked) -> Text:
    """Return a file, in the encoding that spreadsheets know unless that is not wanted."""
    encoding = "utf-8" if asked.optional("convertToUnicode") == "0" else "utf-16"
    body = text.encode("utf-8") if encoding == "utf-8" else b"\xff\xfe" + text.encode("utf-16-le")
    return Text(body, f"application/vnd.ms-excel; charset={encoding}", f"export.{name}")


def _table(answer: Any, separator: str) -> str:
    """Return lines of columns; names of sites and dates come first."""
    rows = [{**dict(names), **row} for names, inner in leaves(answer) for row in _rows(inner)]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        return NO_DATA
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, "", delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().removesuffix("\n")


def _rows(answer: Any) -> list[dict[str, Any]]:
    """Return the lines of one answer; rows of folders are left out."""
    if isinstance(answer, dict | Alone):
        answer = [plain(answer)]
    if not isinstance(answer, list):
        return [{"value": answer}]
    if not all(isinstance(row, dict) for row in answer):
        raise MatomoError("Answers to several questions are JSON or XML.")
    return [
        {f"metadata_{name}" if name in TELLS_ABOUT else name: row[name] for name in _flat(row)}
        for row in answer
    ]


def _flat(row: dict[str, Any]) -> list[str]:
    """Return the columns of a row that have a single value."""
    return [name for name, value in row.items() if not isinstance(value, dict | list)]


FORMATS = {
    "json": Format(_json, _json_error),
    "xml": Format(_xml, _xml_error),
    "csv": _separated(",", "csv"),
    "tsv": _separated("\t", "tsv"),
}
