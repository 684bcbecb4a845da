# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Snippets that ask a question from elsewhere: what "copy as" gives."""

import json
import shlex

TOKEN = "TOKEN"
"""Stands where a reader puts an access token of their own."""


def snippets(url: str, *, private: bool = False) -> dict[str, str]:
    """Return a question's URL as commands of curl, Python and R.

    ``private``: not everybody may read it, so the reader must send an access token.
    """
    return {
        "curl": _curl(url, private),
        "python": _python(url, private),
        "r": _r(url, private),
    }


def _curl(url: str, private: bool) -> str:
    """Return a command line."""
    header = f"-H 'Authorization: Bearer {TOKEN}' " if private else ""
    return f"curl {header}{shlex.quote(url)}"


def _python(url: str, private: bool) -> str:
    """Return a script that needs requests."""
    sent = f', headers={{"Authorization": "Bearer {TOKEN}"}}' if private else ""
    return "\n".join(
        (
            "import requests",
            "",
            f"response = requests.get({json.dumps(url)}{sent}, timeout=60)",
            "response.raise_for_status()",
            "answer = response.json()",
        )
    )


def _r(url: str, private: bool) -> str:
    """Return a script that needs httr2."""
    steps = [f"request({json.dumps(url)})"]
    if private:
        steps.append(f'req_auth_bearer_token("{TOKEN}")')
    steps += ["req_perform()", "resp_body_json()"]
    return "library(httr2)\n\nanswer <- " + " |>\n  ".join(steps)
