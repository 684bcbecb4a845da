# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Retention: how long the daily documents of usage are kept.

Whole years are removed, as indices. Snapshots and sheets stay, and so do the deltas of records,
which are small and from which back-dated publications are folded.
"""

import re
from collections.abc import Iterator
from datetime import date

from flask import current_app
from invenio_search import current_search_client

from ..indices import USAGE_DELTA
from ..reader.periods import first_kept_day

_YEAR = re.compile(r"-(\d{4})$")


def outdated_indices(now: date | None = None) -> list[str]:
    """Return the indices of years that need not be kept."""
    first = first_kept_day(now)
    if first is None:
        return []
    names = current_search_client.indices.get_alias(
        index=f"{USAGE_DELTA.target}-*", params={"allow_no_indices": "true"}
    )
    years = ((name, _YEAR.search(name)) for name in sorted(names))
    return [name for name, match in years if match and int(match[1]) < first.year]


def remove_outdated(now: date | None = None) -> Iterator[str]:
    """Delete the indices of years that need not be kept, and yield their names."""
    for name in outdated_indices(now):
        current_search_client.indices.delete(index=name)
        current_app.logger.info("Usage statistics: %s was older than the retention.", name)
        yield name
