# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What things are called where DataCite's clients read them."""

from calendar import monthrange
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import current_app

RESOLVER = "https://doi.org/"
DATACITE = "datacite-usage"
"""What clients of DataCite ask for; it stands for our own source, too."""
REPORTS = "sushi/reports/dsr"
"""Where the report of a month is, below the address of the API."""


class Source(NamedTuple):
    """Be who tells of usage."""

    id: str
    title: str


def source() -> Source:
    """Return who we are: as configured, or called after the repository."""
    config = current_app.config
    host = urlsplit(config["SITE_UI_URL"]).hostname or "repository"
    title = config["USAGE_STATS_COUNTER_SOURCE_TITLE"] or config.get("THEME_SITENAME") or host
    return Source(config["USAGE_STATS_COUNTER_SOURCE_ID"] or f"{host}-usage", str(title))


def address_of(doi: str) -> str:
    """Return a DOI as an address."""
    return RESOLVER + doi


def prefix_of(doi: str) -> str:
    """Return what stands before the first slash of a DOI."""
    return doi.partition("/")[0]


def registrant_of(doi: str) -> str:
    """Return the account with which this repository has registered a DOI; empty for others."""
    config = current_app.config
    own = (config.get("DATACITE_PREFIX"), *(config.get("DATACITE_ADDITIONAL_PREFIXES") or ()))
    account = config.get("DATACITE_USERNAME")
    return f"datacite.{account.lower()}" if account and prefix_of(doi) in own else ""


def report_of(month: str) -> str:
    """Return the address of the report that has the numbers of a month."""
    year, number = map(int, month.split("-"))
    last = monthrange(year, number)[1]
    days = {"begin_date": f"{month}-01", "end_date": f"{month}-{last:02}"}
    return f"{current_app.config['SITE_API_URL']}/{REPORTS}?{urlencode(days)}"
