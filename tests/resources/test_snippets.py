# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Snippets hold the question and nothing that a shell or an interpreter would run."""

import ast
import shlex

import pytest

from invenio_usage_stats.resources.snippets import snippets

URL = "https://x.org/api/usage-stats/global/series?metric=views&period=12m"
HOSTILE = "https://x.org/?filter=subjects:\"$(rm -rf)`;'\\"


@pytest.mark.parametrize("url", [URL, HOSTILE])
@pytest.mark.parametrize("private", [True, False])
def test_the_address_stands_as_it_is(url, private):
    made = snippets(url, private=private)
    words = shlex.split(made["curl"])
    assert words[0] == "curl"
    assert words[-1] == url
    constants = [
        n.value for n in ast.walk(ast.parse(made["python"])) if isinstance(n, ast.Constant)
    ]
    assert url in constants
    assert all(("TOKEN" in text) == private for text in made.values())


def test_what_a_public_question_looks_like():
    assert snippets(URL) == {
        "curl": f"curl '{URL}'",
        "python": (
            "import requests\n\n"
            f'response = requests.get("{URL}", timeout=60)\n'
            "response.raise_for_status()\n"
            "answer = response.json()"
        ),
        "r": (
            f'library(httr2)\n\nanswer <- request("{URL}") |>\n  req_perform() |>\n'
            "  resp_body_json()"
        ),
    }
