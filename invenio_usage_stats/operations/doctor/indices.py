# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Checks of our indices: how they were made, where aliases point, whether they take documents."""

from typing import Any

from flask import current_app
from invenio_search import current_search_client

from ...aggregations.kinds import stored_kinds
from ...aggregations.templates.generator import (
    LEDGER_SETTINGS,
    PREFIX,
    SETTINGS,
    templates,
)
from ...indices import PRODUCTS
from .base import Finding, some

EXPECTED = {"allow_no_indices": "true", "ignore_unavailable": "true"}
CODECS = {settings["index"]["codec"] for settings in (SETTINGS, LEDGER_SETTINGS)}
AGAIN = (
    "Delete them, run 'invenio usage-stats setup' and then 'invenio usage-stats rebuild' over "
    "their years."
)


def patterns() -> list[str]:
    """Return the names of our indices, with asterisks."""
    prefix = current_app.config["SEARCH_INDEX_PREFIX"] or ""
    return [pattern.replace(PREFIX, prefix) for pattern, _ in templates().values()]


def mappings() -> Finding:
    """Check that existing indices were made by our templates."""
    answer = current_search_client.indices.get(index=",".join(patterns()), params=EXPECTED)
    wrong = sorted(name for name, index in answer.items() if not _is_ours(index))
    if wrong:
        return Finding(f"made without our templates: {some(wrong)}", AGAIN)
    return Finding(f"{len(answer)}, all made by our templates")


def _is_ours(index: dict[str, Any]) -> bool:
    """Tell whether an index has our mapping and our codec."""
    codec = index["settings"]["index"].get("codec")
    return index["mappings"].get("dynamic") == "strict" and codec in CODECS


def aliases() -> Finding:
    """Check that our aliases are aliases, and of our indices only."""
    wrong = []
    for product in PRODUCTS:
        answer = current_search_client.indices.get(index=product.target, ignore=[404])
        found = answer if "error" not in answer else {}
        wrong += [
            f"{product.target} -> {name}"
            for name, index in found.items()
            if not name.startswith(f"{product.target}-") or not _is_ours(index)
        ]
    if wrong:
        return Finding(f"point to what is not ours: {some(sorted(wrong))}", AGAIN)
    return Finding("point to our indices only")


def health() -> Finding:
    """Check that no index has lost a shard."""
    answer = current_search_client.cluster.health(
        index=_all_indices(), params={"level": "indices", "expand_wildcards": "open"}
    )
    red = sorted(n for n, i in answer.get("indices", {}).items() if i["status"] == "red")
    if red:
        return Finding(f"shards are missing: {some(red)}", "See the cluster's log.")
    return Finding(answer["status"])


def blocks() -> Finding:
    """Check that our indices and those of events take documents."""
    answer = current_search_client.indices.get_settings(
        index=_all_indices(), name="index.blocks.*", params={**EXPECTED, "flat_settings": "true"}
    )
    blocked = sorted(n for n, found in answer.items() if "true" in found["settings"].values())
    if blocked:
        return Finding(
            f"read-only: {some(blocked)}",
            "Free disk space, then remove the block: "
            'PUT /INDEX/_settings {"index.blocks.read_only_allow_delete": null}.',
        )
    return Finding("none")


def _all_indices() -> str:
    """Return our indices and those of usage events, as one expression."""
    return ",".join([*patterns(), *(f"{index}*" for index in stored_kinds().values())])
