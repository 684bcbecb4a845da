# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rows of a report of totals."""

from collections.abc import Callable, Iterator
from itertools import chain

from flask_principal import Identity

from ....errors import UnknownScopeError
from ..asked import Asked, Kind
from ..rights import Right, managed, right_to
from .about import has_records
from .communities import community_rows
from .files import file_rows
from .records import record_rows
from .row import Row

LISTS: dict[Kind, Callable[[Identity, Right, Asked], Iterator[Row]]] = {
    "communities": community_rows,
    "records": record_rows,
    "files": file_rows,
}


def rows(identity: Identity, asked: Asked) -> Iterator[Row]:
    """Yield what was used, of what this identity has a right to, kind by kind.

    Raises ``UnknownScopeError`` at once for who has no right to the scope that is asked for, and
    for who owns nothing of what would be listed.
    """
    right = right_to(identity, asked.scope)
    if right.owner is not None and not _owns_any(identity, right, asked):
        raise UnknownScopeError(right.scope.path)
    return chain.from_iterable(LISTS[kind](identity, right, asked) for kind in asked.kinds)


def _owns_any(identity: Identity, right: Right, asked: Asked) -> bool:
    """Tell whether somebody owns anything of what would be listed."""
    community = "communities" in asked.kinds and bool(managed(identity))
    return community or (asked.kinds != ("communities",) and has_records(identity, right))
