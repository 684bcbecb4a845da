# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Addresses that are reported: one form for each, whichever way it is written."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

from ...services.texts import is_storable

SCHEMES = ("http", "https", "ftp")
RESOLVERS = ("doi.org", "dx.doi.org", "www.doi.org")
"""Hosts that know DOIs; the first one is how they are written."""
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_PLAIN_DOI = re.compile(r"(?:doi:\s*)?(?=10\.\d{4,9}(?:\.\d+)*/)", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")

_SECRET = re.compile(r"(?:^|&)(?:access_token|token|token_auth)=[^&]*", re.IGNORECASE)
"""What opens a record to whoever has it, such as a secret link: it is not kept."""


def normalised(text: str) -> str | None:
    """Return an address without scheme and fragment, a DOI as ``doi.org/10...`` in lower case.

    Tokens in it are left out. None when it is no address under which anything could be. DOIs are
    the same in any case, and have neither a query nor a fragment.
    """
    text = text.strip()
    if not is_storable(unquote(text)):
        return None
    if found := _PLAIN_DOI.match(text):
        text = f"https://{RESOLVERS[0]}/{text[found.end() :]}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2].lower()
    if parts.scheme.lower() not in SCHEMES or not _HOST.fullmatch(host):
        return None
    if host in RESOLVERS:
        return _resolver(parts)
    query = _SECRET.sub("", parts.query).removeprefix("&")
    return f"{host}{parts.path}{'?' if query else ''}{query}"


def _resolver(parts: SplitResult) -> str:
    """Return the address of a DOI; of another page of the resolver, that page's."""
    path = unquote(parts.path)
    return RESOLVERS[0] + (path.lower() if _DOI.fullmatch(path[1:]) else parts.path)


def doi_of(address: str) -> str | None:
    """Return the DOI of a normalised address; none of others."""
    host, _, path = address.partition("/")
    return path if host == RESOLVERS[0] and _DOI.fullmatch(path) else None
