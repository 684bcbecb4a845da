# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Works with their use, as DataCite tells them of DOIs.

Citations are not told: a repository does not know them.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ...services.visible import RECORD_PAGE, address
from ..counter.metrics import DOWNLOADS, VIEWS
from ..counter.months import MonthUsage
from .facets import LONGEST
from .naming import prefix_of
from .records import Creator, Listed, Work
from .sums import sums
from .usage import shown

NUMBERS = {"views": VIEWS, "downloads": DOWNLOADS}
ORCID = "https://orcid.org"


def doi_item(work: Work, usages: Iterable[MonthUsage]) -> dict[str, Any]:
    """Return a work with its use, as JSON:API has it."""
    return {"id": work.doi, "type": "dois", "attributes": {**_about(work), **shown(usages)}}


def _about(work: Work) -> dict[str, Any]:
    """Return what a work is."""
    prefix = prefix_of(work.doi)
    return {
        "doi": work.doi,
        "prefix": prefix,
        "suffix": work.doi.removeprefix(f"{prefix}/"),
        "creators": [_creator(one) for one in work.creators],
        "titles": [{"title": work.title}],
        "publisher": work.publisher,
        "publicationYear": work.year,
        "version": work.version or None,
        "url": address(RECORD_PAGE, pid_value=work.recid),
        "created": work.created,
        "updated": work.updated,
    }


def _creator(creator: Creator) -> dict[str, Any]:
    """Return who made a work."""
    known = {
        "name": creator.name,
        "nameType": creator.kind.capitalize(),
        "givenName": creator.given_name,
        "familyName": creator.family_name,
    }
    orcid = {
        "schemeUri": ORCID,
        "nameIdentifier": f"{ORCID}/{creator.orcid}",
        "nameIdentifierScheme": "ORCID",
    }
    identifiers = [orcid] if creator.orcid else []
    return {**{k: v for k, v in known.items() if v}, "nameIdentifiers": identifiers}


def by_publication_year(works: Iterable[Listed]) -> dict[str, list[dict[str, Any]]]:
    """Return views and downloads of works, summed by the year in which these were published.

    The newest years come first; those without any are left out.
    """
    years: defaultdict[int, list[str]] = defaultdict(list)
    for work in works:
        if work.year is not None:
            years[work.year].append(work.recid)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NUMBERS}
    for year in sorted(years, reverse=True):
        summed = sums("record", years[year], NUMBERS.values())
        for name, number in NUMBERS.items():
            if summed[number] and len(found[name]) < LONGEST:
                found[name].append({"id": str(year), "title": str(year), "count": summed[number]})
    return found
