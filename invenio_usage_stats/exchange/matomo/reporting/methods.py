# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The methods that can be called, by their names."""

from collections.abc import Callable
from typing import Any

from ....errors import MatomoError
from . import actions, summaries
from .call import Call
from .keyed import Alone

VERSION = "5.2.0"
"""The version of Matomo whose reporting API this is like."""
Method = Callable[[Call], Any]


def site(call: Call) -> Alone:
    """Answer ``SitesManager.getSiteFromId``."""
    found = call.sites[0]
    columns = {"idsite": found.id, "name": found.title, "main_url": found.main_url}
    return Alone({**columns, "timezone": "UTC", "type": "website"})


METHODS: dict[str, Method] = {
    "Live.getCounters": summaries.counters,
    "Actions.getDownloads": actions.downloads,
    "Actions.getDownload": actions.download,
    "Actions.getPageUrls": actions.pages,
    "VisitsSummary.get": summaries.summary,
    "VisitsSummary.getVisits": summaries.single(lambda tally: tally.visits),
    "VisitsSummary.getActions": summaries.single(lambda tally: tally.actions),
    "VisitsSummary.getUniqueVisitors": summaries.single(lambda tally: tally.visitors),
    "DevicesDetection.getBrowsers": summaries.consumers,
    "DevicesDetection.getBrowserVersions": summaries.versions,
    "SitesManager.getSiteFromId": site,
    "API.getMatomoVersion": lambda _call: VERSION,
}


def method_of(name: str) -> Method:
    """Return the method with a name."""
    if name not in METHODS:
        module, _, method = name.rpartition(".")
        raise MatomoError(
            f"The method '{method}' does not exist or is not available in the module '{module}'."
        )
    return METHODS[name]
