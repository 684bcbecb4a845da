# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports of months as files, for whoever wants to look at them or hand them on."""

from pathlib import Path

from ...counter.months import MonthState
from ..hub.parts import write
from .available import caveats, open_months
from .document import Document, TSVReport
from .dsr import datasets
from .question import Asked
from .reporter import reporter
from .spans import whole_month
from .wanted import Wanted


def write_report(state: MonthState, folder: Path, *, table: bool) -> list[Path]:
    """Write the report of a counted month into a folder, and return its files.

    ``table``: as one table; else as the hub takes it.
    """
    if table:
        return [_write_table(state, folder)]
    return [part.path for part in write(state, reporter(), folder).parts]


def _write_table(state: MonthState, folder: Path) -> Path:
    """Write the report of a month as a table."""
    wanted = Wanted(whole_month(state.month))
    remarks = [] if state.closed else [open_months([state.month])]
    remarks += caveats(wanted)
    document = Document(Asked(wanted), tuple(remarks), datasets(wanted, [state.month]), reporter())
    path = folder / document.filename(TSVReport.extension)
    with path.open("wb") as file:
        file.writelines(TSVReport().serialize_object(document))
    return path
