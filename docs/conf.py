# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration of the documentation; tables of metrics come from the catalog."""

import sys
from pathlib import Path

from invenio_usage_stats import __version__
from invenio_usage_stats.catalog import DIMENSIONS, METRICS

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from scenarios import SCENARIOS  # noqa: E402

project = "invenio-usage-stats"
copyright = "2026, the invenio-usage-stats authors"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "_generated"]
html_theme = "furo"
html_title = f"invenio-usage-stats {__version__}"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
# Types of the standard library, whose documentation is not at hand while building.
nitpick_ignore = [("py:class", "datetime.timedelta")]
autodoc_default_options = {"members": True, "undoc-members": False}


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _metrics() -> str:
    """Return the table of metrics, with the scenarios that prove each."""
    rows = []
    for metric in METRICS:
        field = f"totals.{metric.event}.{metric.field}" if metric.event else metric.field
        name, definition = str(metric.label), str(metric.definition)
        proofs = ", ".join(id_ for id_, s in SCENARIOS.items() if metric.id in s.metrics)
        if not proofs:
            raise ValueError(f"No scenario proves {metric.id}.")
        rows.append((f"`{metric.id}`", name, metric.unit, definition, f"`{field}`", proofs))
    return _table(("id", "name", "unit", "what is counted", "field", "proved by"), rows)


def _scenarios() -> str:
    """Return the table of scenarios; raise ``ValueError`` when a test is not there."""
    rows = []
    for id_, scenario in SCENARIOS.items():
        if f"def {scenario.test}(" not in (HERE.parent / scenario.file).read_text():
            raise ValueError(f"{scenario.file} has no {scenario.test}.")
        rows.append((id_, scenario.shows, f"`{scenario.file}`: `{scenario.test}`"))
    return _table(("id", "what it shows", "test"), rows)


def _dimensions() -> str:
    """Return the table of dimensions."""
    rows = []
    for d in DIMENSIONS:
        if d.hidden:
            continue
        deltas = [d.delta_field(f) for f in ("records", "usage", "reports") if f in d.families]
        fields = ", ".join(f"`{name}`" for name in dict.fromkeys([*deltas, d.snapshot_field]))
        restricted = "yes" if d.public_for_restricted or not d.of_record else "no"
        rows.append((f"`{d.id}`", str(d.label), d.source, restricted, fields))
    header = ("id", "name", "comes from", "shown for restricted records", "fields")
    return _table(header, rows)


def _write_tables(_app: object) -> None:
    """Write what the pages include."""
    folder = HERE / "_generated"
    folder.mkdir(exist_ok=True)
    (folder / "metrics.md").write_text(_metrics())
    (folder / "dimensions.md").write_text(_dimensions())
    (folder / "scenarios.md").write_text(_scenarios())


def setup(app: object) -> None:
    """Register the tables."""
    app.connect("builder-inited", _write_tables)  # type: ignore[attr-defined]
