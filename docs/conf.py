# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Configuration of the documentation; tables of metrics come from the catalog."""

from pathlib import Path

from invenio_usage_stats import __version__
from invenio_usage_stats.catalog import DIMENSIONS, METRICS

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
autodoc_default_options = {"members": True, "undoc-members": False}


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _metrics() -> str:
    """Return the table of metrics."""
    rows = []
    for metric in METRICS:
        field = f"totals.{metric.event}.{metric.field}" if metric.event else metric.field
        rows.append(
            (f"`{metric.id}`", str(metric.label), metric.unit, str(metric.definition), f"`{field}`")
        )
    return _table(("id", "name", "unit", "what is counted", "field"), rows)


def _dimensions() -> str:
    """Return the table of dimensions."""
    rows = []
    for d in DIMENSIONS:
        if d.hidden:
            continue
        deltas = [d.delta_field(f) for f in ("records", "usage") if f in d.families]
        fields = ", ".join(f"`{name}`" for name in dict.fromkeys([*deltas, d.snapshot_field]))
        restricted = "yes" if d.public_for_restricted or d.source == "event" else "no"
        rows.append((f"`{d.id}`", str(d.label), d.source, restricted, fields))
    header = ("id", "name", "comes from", "shown for restricted records", "fields")
    return _table(header, rows)


def _write_tables(_app: object) -> None:
    """Write what the pages include."""
    folder = Path(__file__).parent / "_generated"
    folder.mkdir(exist_ok=True)
    (folder / "metrics.md").write_text(_metrics())
    (folder / "dimensions.md").write_text(_dimensions())


def setup(app: object) -> None:
    """Register the tables."""
    app.connect("builder-inited", _write_tables)  # type: ignore[attr-defined]
