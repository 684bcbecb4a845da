# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""All numbers of a view as a workbook: a sheet for each panel, and one that says what they are."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import Response, g, render_template, request
from invenio_i18n import gettext as _
from werkzeug.utils import secure_filename
from xlsxwriter import Workbook

from ...errors import UnknownScopeError
from ...proxies import current_usage_stats
from ...resources.serializers.sheets import LONGEST_TEXT, OPTIONS
from ...resources.serializers.xlsx import XLSX, sheet_name
from ...services.scopes import resolve_scope
from ..layouts.layout import Appearance
from ..model.viewmodel import view_model
from ..paths import scope_name

Row = list[str | int | float | None]
WIDTH = 24


def workbook(pid_value: str | None = None) -> Response | tuple[str, int]:
    """Answer the numbers of a dashboard, for those who may have files."""
    scope, service = resolve_scope(g.identity, scope_name(pid_value)), current_usage_stats.service
    if not service.may_export(g.identity, scope):
        raise UnknownScopeError(scope.path)
    view = view_model(service, scope, Appearance.of(scope.kind), request.args)
    if view["error"]:
        return render_template("invenio_usage_stats/wrong.html", sentence=view["error"]), 400
    name = secure_filename(f"{scope.slug or scope.kind}.xlsx")
    headers = {"Content-Type": XLSX, "Cache-Control": "no-store"}
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(written(view), headers=headers)


def written(view: dict[str, Any]) -> bytes:
    """Return the numbers of a view model as a workbook."""
    whole, names = BytesIO(), Counter[str]()
    with Workbook(whole, OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for title, rows in _sheets(view):
            name = sheet_name(title, 1).lower()
            names[name] += 1
            sheet = book.add_worksheet(sheet_name(title, names[name]))
            sheet.set_column(0, max(map(len, rows)), WIDTH)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    _write(sheet, (line, column), value, None if line else bold)
    return whole.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: Any, style: Any) -> None:
    """Write a cell; nothing where a number is not known."""
    if isinstance(value, str):
        sheet.write_string(*place, value[:LONGEST_TEXT], style)
    elif value is not None:
        sheet.write_number(*place, value, style)


def _sheets(view: dict[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Yield what stands on each sheet, the heads of columns first."""
    panels = [p for row in (*view["head"], *view["rows"]) for p in row["panels"]]
    cards = [p for p in panels if p["kind"] == "card" and "value" in p]
    if cards:
        head: Row = ["", _("Value"), _("Earlier period")]
        yield _("Statistics"), [head, *map(_card, cards)]
    for panel in panels:
        table = panel.get("table", panel)
        if panel["kind"] == "chart" and view["metric"] in view["series"]:
            yield _course(view["series"][view["metric"]])
        elif table.get("columns"):
            yield panel["title"], _table(table)
    yield _("What the numbers mean"), _about(view, panels)


def _card(card: dict[str, Any]) -> Row:
    """Return a headline number, with that of the earlier period."""
    return [card["title"], card["value"], card["earlier"]]


def _course(series: dict[str, Any]) -> tuple[str, list[Row]]:
    """Return the lines of a chart."""
    lines = series["lines"]
    rows = zip(series["columns"], *(line["values"] for line in lines), strict=True)
    found = [[column["label"], *(v and v["value"] for v in values)] for column, *values in rows]
    return series["label"], [[_("Period"), *(line["label"] for line in lines)], *found]


def _table(table: dict[str, Any]) -> list[Row]:
    """Return the rows of a table, with what has no value."""
    rows = [*table["rows"], *([table["missing"]] if table["missing"] else [])]
    found = [[row["label"], *(cell["value"] for cell in row["cells"])] for row in rows]
    return [[table["label"], *(column["label"] for column in table["columns"])], *found]


def _about(view: dict[str, Any], panels: list[dict[str, Any]]) -> list[Row]:
    """Return what the numbers are about, and what each of them counts."""
    periods = [[_("Period"), p["label"]] for p in panels if p["kind"] == "period"]
    rows = [[view["name"], view["scope"]["title"] or ""], *periods]
    rows += [[panel["title"], panel["why"]] for panel in panels if panel["why"]]
    filters = ", ".join(pill["label"] for pill in view["pills"])
    texts = [_("Only: %(filters)s.", filters=filters)] if filters else []
    texts += [view["foot"]["as_of"], _("Sizes are in bytes."), *view["foot"]["notes"]]
    rows += [["", text] for text in texts]
    return rows + [[entry["label"], entry["text"]] for entry in view["foot"]["definitions"]]
