# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Links of an answer: to itself, to what comes next, to files and to the page."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import current_app

from ..services.lists import LISTS
from ..services.paging import LISTED
from ..services.results import Result, Series, Snapshot, Top
from ..services.scopes import Scope
from ..services.visible import RECORD_PAGE, address

Pairs = Sequence[tuple[str, str]]
PAGE_STATE = (
    *("period", "since", "until", "compare", "interval", "cumulative"),
    *("filter", "basis", "level"),
)
"""Parameters that the dashboards know; they have the same names there."""
FILES = ("csv", "xlsx")
PAGES = "invenio_usage_stats"
ENABLED = "STATS_DASHBOARD_ENABLED_"


def with_pairs(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return an address with parameters."""
    text = urlencode(list(pairs))
    return f"{url}?{text}" if text else url


def without(pairs: Pairs, *names: str) -> list[tuple[str, str]]:
    """Return parameters without some."""
    return [pair for pair in pairs if pair[0] not in names]


def answer_links(
    question: Any, scope: Scope, formats: Iterable[str], result: Any
) -> dict[str, str]:
    """Return the links of an answer; ``formats``: those that files can have, and JSON."""
    pairs = question.pairs
    links = {"self": with_pairs(question.address, pairs)}
    following = _next_page(result)
    if following:
        there = [*without(pairs, "page"), ("page", str(following))]
        links["next"] = with_pairs(question.address, there)
    whole = without(pairs, "format", "page", "size")
    for name in formats:
        if name in FILES:
            links[name] = with_pairs(question.address, [*whole, ("format", name)])
    page = page_address(scope, pairs)
    return {**links, "html": page} if page else links


def _next_page(result: Result) -> int | None:
    """Return the number of the next page of an answer; none when there is none."""
    if isinstance(result, Series):
        return result.page + 1 if result.page < result.pages else None
    if isinstance(result, Snapshot) and result.size is not None:
        most = max(result.counts.values(), default=0)
        return result.page + 1 if result.page * result.size < most else None
    if isinstance(result, Top) and result.size is not None:
        return _next_rows(result, result.size)
    return None


def _next_rows(found: Top, size: int) -> int | None:
    """Return the number of the next page of a ranking; none when there is none."""
    if found.dimension in LISTS and (found.page + 1) * size > LISTED:
        return None
    # what was not counted may go on as long as pages are full
    more = len(found.rows) == size if found.count is None else found.page * size < found.count
    return found.page + 1 if more else None


def is_on(kind: str) -> bool:
    """Tell whether there are dashboards of a type."""
    return bool(current_app.config.get(f"{ENABLED}{kind.upper()}", True))


def page_address(scope: Scope, pairs: Pairs) -> str | None:
    """Return the address of a scope's dashboard, in the state that parameters say.

    A record without one has its landing page.
    """
    values = {
        "global": {},
        "community": {"community_id": scope.slug or scope.id},
        "record": {"record_id": scope.id},
        "user": {},
    }[scope.kind]
    url = address(f"{PAGES}.{scope.kind}_stats", **values) if is_on(scope.kind) else None
    if url is not None:
        return with_pairs(url, [pair for pair in pairs if pair[0] in PAGE_STATE])
    return address(RECORD_PAGE, pid_value=scope.id) if scope.kind == "record" else None


def shared_page(path: str, token: str) -> str | None:
    """Return the address of a shared view of a scope, which stands there as in addresses."""
    kind, _, id_ = path.rpartition("/")
    values = {"community_id": id_} if kind else {}
    return address(f"{PAGES}.{'community' if kind else 'global'}_shared", token=token, **values)
