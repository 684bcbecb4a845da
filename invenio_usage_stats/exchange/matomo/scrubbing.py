# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tokens do not come into logs: web servers log what they find in the environment afterwards."""

import re
from typing import Any

PLACES = ("QUERY_STRING", "RAW_URI", "REQUEST_URI")
"""Where the address of a request stands."""
HIDDEN = r"\1=-"
_TOKEN = re.compile(r"(token_auth|%74oken_auth)=[^&#\s]*", re.IGNORECASE)


def scrub(environ: dict[str, Any]) -> None:
    """Take tokens out of the environment of a request."""
    for place in PLACES:
        if place in environ:
            environ[place] = _TOKEN.sub(HIDDEN, environ[place])
