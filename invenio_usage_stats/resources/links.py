# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Links of an answer: to itself, to what comes next, to files and to the page."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from invenio_base import invenio_url_for

from ..services.results import Result, Top
from ..services.scopes import Scope

Pairs = Sequence[tuple[str, str]]
PAGE_STATE = (
    *("period", "since", "until", "compare", "interval", "cumulative"),
    *("filter", "basis", "level"),
)
"""Parameters that the dashboards know; they have the same names there."""
FILES = ("csv", "xlsx")
PAGES = {
    "global": "invenio_usage_stats.global_stats",
    "community": "invenio_usage_stats.community_stats",
    "record": "invenio_app_rdm_records.record_detail",
}


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
    links["html"] = page_address(scope, pairs)
    return links


def _next_page(result: Result) -> int | None:
    """Return the number of a list's next page; none when there is none."""
    if not isinstance(result, Top) or None in (result.size, result.count):
        return None
    return result.page + 1 if result.page * result.size < result.count else None


def page_address(scope: Scope, pairs: Pairs) -> str:
    """Return the address of a scope's page, in the state that parameters say."""
    values = {
        "global": {},
        "community": {"community_id": scope.slug or scope.id},
        "record": {"pid_value": scope.id},
    }[scope.kind]
    url = invenio_url_for(PAGES[scope.kind], **values)
    known = [pair for pair in pairs if pair[0] in PAGE_STATE]
    return with_pairs(url, known) if scope.kind != "record" else url


def shared_page(path: str, token: str) -> str:
    """Return the address of a shared view of a scope, which stands there as in addresses."""
    kind, _, id_ = path.rpartition("/")
    page = "invenio_usage_stats.community_shared" if kind else "invenio_usage_stats.global_shared"
    return invenio_url_for(page, token=token, **({"community_id": id_} if kind else {}))
