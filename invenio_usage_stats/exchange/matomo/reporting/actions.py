# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Downloads and pages: by their addresses, in folders."""

from collections.abc import Callable, Hashable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from ....services.permissions import allows
from ..sites import Site
from .addresses import Path, bare, download_path, folder_of, host_of, page_path, segment_of, whole
from .call import Call
from .options import shaped
from .reading import Query, ReportedEvent
from .tables import Columns, Row, as_tree
from .tallies import Tallies, Tally

DOWNLOAD: Query = {"term": {"action": "download"}}
PAGE: Query = {"term": {"action": "page"}}
OPEN = ("", "/search", "/communities")
"""Pages of the repository that are about no record, and are the same for everybody."""
BACKTICK = "`"


def downloads(call: Call) -> Any:
    """Answer ``Actions.getDownloads``: hosts, and below them what was downloaded."""
    return _table(call, "downloadUrl", [DOWNLOAD], _download_key)


def download(call: Call) -> Any:
    """Answer ``Actions.getDownload``: the row of one address."""
    # The well-known example of this question has marks of its text format around the DOI.
    url = bare(call.asked.text("downloadUrl").replace(BACKTICK, ""))
    wanted: list[Query] = [DOWNLOAD, {"term": {"url": url}}]

    def cell(found: Tallies) -> list[Columns]:
        rows = [leaf for _, leaf in _leaves(call, found, "downloadUrl")]
        return shaped(rows, call.asked)

    return call.tallied(_download_key, wanted, cell)


def pages(call: Call) -> Any:
    """Answer ``Actions.getPageUrls``: pages in their folders."""
    return _table(call, "pageUrl", [PAGE], _page_key(call))


def _table(
    call: Call, segment: str, wanted: list[Query], key: Callable[[ReportedEvent], Hashable]
) -> Any:
    """Return tables of addresses."""

    def cell(found: Tallies) -> list[Columns]:
        return shaped(as_tree(_leaves(call, found, segment)), call.asked)

    return call.tallied(key, wanted, cell)


def _leaves(call: Call, found: Tallies, segment: str) -> list[tuple[Path, Row]]:
    """Return a row for each address, with its path."""
    return [
        (path, Row(path[-1], _columns(call, tally), _about(tally.url, segment)))
        for path, tally in found.items()
    ]


def _columns(call: Call, tally: Tally) -> Columns:
    """Return the numbers of a row."""
    return {
        "nb_visits": tally.visits,
        **visitors(call, tally),
        "nb_hits": tally.actions,
        "sum_time_spent": 0,
    }


def visitors(call: Call, tally: Tally) -> Columns:
    """Return the visitors of a row: those of a day, or the sum of those of all days."""
    name = "nb_uniq_visitors" if call.dates.unit == "day" else "sum_daily_nb_uniq_visitors"
    return {name: tally.visitors}


def _about(url: str, segment: str) -> Columns:
    """Return what is told about an address."""
    address = whole(url)
    return {"url": address, "segment": segment_of(segment, address)}


def _download_key(event: ReportedEvent) -> Path:
    """Return where a download stands."""
    return download_path(event.url)


def _page_key(call: Call) -> Callable[[ReportedEvent], Hashable]:
    """Return a function that tells where a page stands; none for pages that are not listed.

    Addresses tell of what others do: of the repository's own pages only those are listed for
    everybody that are about records, the same for all, or below the address of the site.
    """
    lists_all = allows(call.visible.identity, "manage")
    own = urlsplit(current_app.config["SITE_UI_URL"]).netloc.lower()
    folders = {
        site.id: folder_of(bare(site.main_url)) for site in call.sites if _is_community(site)
    }

    def key(event: ReportedEvent) -> Path | None:
        about_record = event.recid or event.parent_recid
        if lists_all or about_record or host_of(event.url) != own:
            return page_path(event.url)
        folder, below = folder_of(event.url), folders.get(event.site)
        is_below = below is not None and f"{folder}/".startswith(f"{below}/")
        return page_path(event.url) if folder in OPEN or is_below else None

    return key


def _is_community(site: Site) -> bool:
    """Tell whether a site is a community."""
    return site.community_id is not None
