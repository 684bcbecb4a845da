# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Addresses as events have them (host, path and query), and as reports show them."""

import re
from urllib.parse import quote, urlsplit

from flask import current_app

from ..events import LONGEST_URL
from ..urls import normalised

LEVELS = 10
"""So many folders a page lies in at most; what is deeper stays in one name."""
INDEX = "index"
"""What the page of a folder itself is called."""
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)
Path = tuple[str, ...]


def bare(address: str) -> str:
    """Return an address as events have it, which knows one form for each DOI and host."""
    return (normalised(address) or without_scheme(address))[:LONGEST_URL]


def without_scheme(address: str) -> str:
    """Return an address, or a part of one, without scheme and fragment."""
    return _SCHEME.sub("", address.strip()).partition("#")[0]


def whole(url: str) -> str:
    """Return an address with a scheme: the repository's own, else the secure one."""
    own = urlsplit(current_app.config["SITE_UI_URL"])
    return f"{own.scheme if host_of(url) == own.netloc.lower() else 'https'}://{url}"


def host_of(url: str) -> str:
    """Return the host, with a port if there is one."""
    return re.split(r"[/?]", url, maxsplit=1)[0]


def folder_of(url: str) -> str:
    """Return the path without query, and without slash at its end."""
    return url.removeprefix(host_of(url)).partition("?")[0].rstrip("/")


def download_path(url: str) -> Path:
    """Return where a download stands in reports: below its host."""
    host = host_of(url)
    return (host, url.removeprefix(host) or "/")


def page_path(url: str) -> Path:
    """Return where a page stands in reports: in its folders, whatever the host."""
    path, mark, query = url.removeprefix(host_of(url)).partition("?")
    *folders, name = path.removeprefix("/").split("/", LEVELS)
    return (*filter(None, folders), f"/{name or INDEX}{mark}{query}")


def segment_of(name: str, value: str) -> str:
    """Return the condition for a value, quoted so that it may stand in an address."""
    return f"{name}=={quote(quote(value, safe=''), safe='')}"
