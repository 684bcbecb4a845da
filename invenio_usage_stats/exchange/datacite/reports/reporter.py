# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who reports: the names under which reports and the hub know the repository."""

from typing import NamedTuple

from flask import current_app


class Reporter(NamedTuple):
    """Be a repository as reports name it."""

    platform: str
    client_id: str
    """DataCite's id of the repository; empty when it has none."""

    @property
    def name(self) -> str:
        """Return who makes the reports, by which the hub tells reports of a month apart."""
        return self.client_id or self.platform


def reporter() -> Reporter:
    """Return this repository; what is not configured here is what DOIs are registered with."""
    config = current_app.config
    platform = config["USAGE_STATS_COUNTER_PLATFORM"] or config.get("THEME_SITENAME") or ""
    client = config["USAGE_STATS_COUNTER_CLIENT_ID"] or config.get("DATACITE_DATACENTER_SYMBOL")
    client = client or config.get("DATACITE_USERNAME") or ""
    return Reporter(str(platform), client.lower())
