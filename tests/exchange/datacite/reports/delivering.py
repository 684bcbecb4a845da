# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sending reports, and what the hub has then."""

from invenio_usage_stats.exchange.datacite.hub import sending

from .loopback import LoopbackHub, Stored

JANUARY, FEBRUARY = "2026-01", "2026-02"
DAY = 86_400
"""Seconds."""
LOOKING = [None] * 3
"""The hub is looked at in three lists before a first report is made; that goes well."""
TOKEN = "USAGE_STATS_COUNTER_HUB_TOKEN"
BOTH = ["10.5072/ice.1", "10.5072/ice"]
"""The DOIs of which there is something to be told in January."""


def deliver(month: str = JANUARY, **how: bool) -> list[str]:
    """Send the report of a month, and return what was said."""
    return list(sending.send(month, **how))


def writes(hub: LoopbackHub) -> list[tuple[str, str]]:
    """Return the requests that were to change something."""
    return [(method, path) for method, path in hub.requests if method != "GET"]


def dois(stored: Stored) -> list[str]:
    """Return the DOIs of which a report tells."""
    return [dataset["dataset-id"][0]["value"] for dataset in stored.all_datasets]
