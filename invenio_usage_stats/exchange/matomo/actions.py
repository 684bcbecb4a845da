# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a hit says was done: a download, a page, a link to elsewhere, a search, an event."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs

from .events import Action
from .hits import Reason
from .parameters import GOAL, Parameters
from .urls import normalised

SEARCH_WORDS = ("q", "query", "s", "search", "searchword", "k", "keyword")
"""Parameters of an own page's address that hold what was searched, as Matomo knows them."""
NOT_KEPT = ("ca", "c_n", GOAL)
"""What tells kinds of hits that are not kept, and are no use of a record."""


class Done(NamedTuple):
    """Be what was done."""

    action: Action
    url: str
    label: str | None = None


def done(told: Parameters, own_host: str) -> Done | Reason:
    """Return what a hit says was done, or why it is not kept; ``own_host``: of the pages here."""
    if told.get("ping", "0") != "0":
        return "ping"
    for kind in KINDS:
        found = kind(told)
        if found is not None:
            return found
    if any(name in told for name in NOT_KEPT):
        return "unsupported"
    return _page(told, own_host)


def _clicked(action: Action, name: str) -> Callable[[Parameters], Done | Reason | None]:
    """Return a function that finds an address that was clicked on."""

    def find(told: Parameters) -> Done | Reason | None:
        if name not in told:
            return None
        url = normalised(told[name])
        return Done(action, url) if url else "nonsense"

    return find


def _event(told: Parameters) -> Done | None:
    """Return an event, which has a category and an action."""
    if not (told.get("e_c") and told.get("e_a")):
        return None
    label = "/".join(told[name] for name in ("e_c", "e_a", "e_n") if told.get(name))
    return Done("event", normalised(told.get("url", "")) or "", label)


def _search(told: Parameters) -> Done | None:
    """Return a search that is reported as one."""
    if "search" not in told:
        return None
    return Done("search", normalised(told.get("url", "")) or "", told["search"])


KINDS = (_clicked("download", "download"), _clicked("outlink", "link"), _event, _search)
"""What finds each kind, in the order in which they count."""


def _page(told: Parameters, own_host: str) -> Done | Reason:
    """Return a page that was seen; a search when the address of an own page holds one."""
    url = normalised(told.get("url", ""))
    if not url:
        return "nonsense"
    host, _, query = url.partition("?")
    if query and host.partition("/")[0] == own_host:
        words = parse_qs(query)
        for name in SEARCH_WORDS:
            if name in words:
                return Done("search", url, words[name][-1])
    return Done("page", url, told.get("action_name"))
