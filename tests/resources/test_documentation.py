# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The examples of the guide to the API are asked, and their answers compared."""

import json
import re
from pathlib import Path

import pytest

import invenio_usage_stats
from invenio_usage_stats.resources.snippets import snippets

from .conftest import Reader
from .documented import SLUG, documented

GUIDE = Path(invenio_usage_stats.__file__).parent.parent / "docs" / "api.md"
HOST = "https://repository.example"
EXAMPLE = re.compile(
    r"```console\n\$ curl '" + HOST + r"(?P<path>[^']+)'\n```\n\n```(?P<kind>json|text)\n"
    r"(?P<answer>.*?)```",
    re.DOTALL,
)
EXAMPLES = [match.groupdict() for match in EXAMPLE.finditer(GUIDE.read_text())]


@pytest.fixture(scope="module")
def community(app, people) -> str:
    """Return the community of the examples."""
    return documented(people["owner"])


@pytest.fixture
def reader(app) -> Reader:
    """Return a client of somebody who is not signed in."""
    return Reader(app, app.response_class)


def test_there_are_examples():
    assert len(EXAMPLES) >= 8
    assert GUIDE.read_text().count("$ curl '") == len(EXAMPLES)


@pytest.mark.parametrize("language", ["python", "r"])
def test_programs_are_those_that_copying_gives(language):
    made = snippets(f"{HOST}/api/usage-stats/global/series?metric=views&period=12m")
    assert f"```{language}\n{made[language]}\n```" in GUIDE.read_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["path"])
def test_examples_are_answered_as_documented(reader, community, example):
    response = reader.get(example["path"])
    answer = response.text.replace("http://localhost", HOST).replace(community, SLUG)
    if example["kind"] == "json":
        assert differences(json.loads(example["answer"]), json.loads(answer)) == []
    else:
        shown = example["answer"].splitlines()
        assert answer.splitlines()[: len(shown)] == shown


def differences(shown, found, path="") -> list[str]:
    """Return where an answer differs; what is not shown of an object may be anything."""
    if isinstance(shown, dict) and isinstance(found, dict):
        return [d for k in shown for d in differences(shown[k], found.get(k), f"{path}.{k}")]
    if isinstance(shown, list) and isinstance(found, list) and len(shown) == len(found):
        pairs = enumerate(zip(shown, found, strict=True))
        return [d for n, (a, b) in pairs for d in differences(a, b, f"{path}[{n}]")]
    return [] if shown == found else [f"{path}: {found!r} instead of {shown!r}"]
