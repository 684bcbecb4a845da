# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Any module can be imported first, as no two import each other, over however many others."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = "invenio_usage_stats"


def modules() -> dict[str, Path]:
    """Return the files of all modules of the package, by their names."""
    found = {}
    for path in (ROOT / PACKAGE).rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imported(name: str, known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that one imports at once, and the packages that these are in."""
    inside = name.split(".") if known[name].name == "__init__.py" else name.split(".")[:-1]
    for node in ast.parse(known[name].read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join([*inside[: len(inside) - node.level + 1], node.module or ""]).strip(".")
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield from _with_packages(whole if whole in known else base)


def _with_packages(name: str) -> Iterator[str]:
    """Yield a module and the packages that it is in."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def test_no_modules_import_each_other():
    known = modules()
    graph = {
        name: {one for one in imported(name, known) if one not in _with_packages(name)}
        for name in known
    }
    assert sum(map(len, graph.values())) > len(graph) > 300
    TopologicalSorter(graph).prepare()
