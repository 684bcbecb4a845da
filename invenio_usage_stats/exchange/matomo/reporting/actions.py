# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Downloads and pages: by their addresses, in folders."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from ....services.permissions import allows
from .addresses import Path, bare, download_path, folder_of, host_of, page_path, segment_of, whole
from .call import Call
from .options import shaped
from .reading import Query
from .tables import Columns, Row, as_tree
from .tallies import Rows, Tallies, Tally

DOWNLOAD: Query = {"term": {"action": "download"}}
PAGE: Query = {"term": {"action": "page"}}
OPEN = ("", "/search", "/communities")
"""Pages of the repository that are about no record, and are the same for everybody."""
DOWNLOADS = Rows(("url",), lambda of: download_path(of["url"]))
BACKTICK = "`"


def downloads(call: Call) -> Any:
    """Answer ``Actions.getDownloads``: hosts, and below them what was downloaded."""
    return _table(call, "downloadUrl", [DOWNLOAD], DOWNLOADS)


def download(call: Call) -> Any:
    """Answer ``Actions.getDownload``: the row of one address."""
    # The well-known example of this question has marks of its text format around the DOI.
    url = bare(call.asked.text("downloadUrl").replace(BACKTICK, ""))
    wanted: list[Query] = [DOWNLOAD, {"term": {"url": url}}]

    def cell(found: Tallies) -> list[Columns]:
        rows = [leaf for _, leaf in _leaves(call, found, "downloadUrl")]
        return shaped(rows, call.asked)

    return call.tallied(DOWNLOADS, wanted, cell)


def pages(call: Call) -> Any:
    """Answer ``Actions.getPageUrls``: pages in their folders."""
    fields = ("url", "recid", "parent_recid")
    return _table(call, "pageUrl", [PAGE], Rows(fields, _page_key(call)))


def _table(call: Call, segment: str, wanted: list[Query], rows: Rows) -> Any:
    """Return tables of addresses."""

    def cell(found: Tallies) -> list[Columns]:
        return shaped(as_tree(_leaves(call, found, segment)), call.asked)

    return call.tallied(rows, wanted, cell)


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


def _page_key(call: Call) -> Callable[[dict[str, Any]], Path | None]:
    """Return a function that tells where a page stands; none for pages that are not listed.

    Addresses tell of what others do: of the repository's own pages only those are listed for
    everybody that are about records, the same for all, or below the address of a site that is
    asked for.
    """
    lists_all = allows(call.visible.identity, "manage")
    own = urlsplit(current_app.config["SITE_UI_URL"]).netloc.lower()
    homes = [f"{folder_of(bare(site.main_url))}/" for site in call.sites if site.community_id]

    def key(of: dict[str, Any]) -> Path | None:
        url, about_record = of["url"], of["recid"] or of["parent_recid"]
        if lists_all or about_record or host_of(url) != own:
            return page_path(url)
        folder = folder_of(url)
        is_below = any(f"{folder}/".startswith(home) for home in homes)
        return page_path(url) if folder in OPEN or is_below else None

    return key
