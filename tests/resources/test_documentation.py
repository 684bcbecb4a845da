# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The examples of the guides to the API are asked, and their answers compared."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from invenio_access.permissions import system_identity

import invenio_usage_stats
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.resources.config import QUESTIONS
from invenio_usage_stats.resources.sharing import read_wish
from invenio_usage_stats.resources.snippets import snippets
from invenio_usage_stats.services.shares import create, token

from .conftest import API, Reader
from .documented import SLUG, documented

DOCS = Path(invenio_usage_stats.__file__).parent.parent / "docs"
GUIDE, POST = ((DOCS / name).read_text() for name in ("api.md", "api-post.md"))
HOST = "https://repository.example"
EXAMPLE = re.compile(
    r"```console\n\$ curl '" + HOST + r"(?P<path>[^']+)'\n```\n\n```(?P<kind>json|text)\n"
    r"(?P<answer>.*?)```",
    re.DOTALL,
)
EXAMPLES = [match.groupdict() for match in EXAMPLE.finditer(GUIDE)]


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
    assert GUIDE.count("$ curl '") == len(EXAMPLES)


@pytest.mark.parametrize("language", ["python", "r"])
def test_programs_are_those_that_copying_gives(language):
    made = snippets(f"{HOST}/api/usage-stats/global/series?metric=views&period=12m")
    assert f"```{language}\n{made[language]}\n```" in GUIDE


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["path"])
def test_examples_are_answered_as_documented(reader, community, example):
    response = reader.get(example["path"])
    answer = response.text.replace("http://localhost", HOST).replace(community, SLUG)
    if example["kind"] == "json":
        assert differences(json.loads(example["answer"]), json.loads(answer)) == []
    else:
        shown = example["answer"].splitlines()
        assert answer.splitlines()[: len(shown)] == shown


def by_post(reader, question: dict) -> list[dict]:
    """Return the documents that answer the only query of a request."""
    response = reader.post("/api/stats", json=question)
    assert response.status_code == 200
    (documents,) = response.json.values()
    return documents


def of_a_day(reader, stat: str) -> dict:
    """Return the document of the day on which the data set joined."""
    params = {"community_id": SLUG, "start_date": "2026-01-12", "end_date": "2026-01-12"}
    (document,) = by_post(reader, {"q": {"stat": stat, "params": params}})
    return document


def test_documents_are_answered_as_documented(reader, community):
    question, delta = map(json.loads, re.findall(r"```json\n(.*?)```", POST, re.DOTALL))
    assert len(by_post(reader, question)) == 31
    # Only dimensions that a record lacks are there.
    delta["missing"] = {}
    assert missing(delta, of_a_day(reader, "community-record-delta-added")) == []


@pytest.mark.parametrize(
    ("stat", "fields"),
    [
        ("record", "snapshot_date total_records total_parents total_files total_uploaders"),
        ("usage", "snapshot_date totals"),
    ],
)
def test_snapshots_have_the_documented_fields(reader, community, stat, fields):
    suffix = "-added" if stat == "record" else ""
    document = of_a_day(reader, f"community-{stat}-snapshot{suffix}")
    for name in (*fields.split(), "subcounts", "missing"):
        assert name in document
        assert f"`{name}`" in POST
    assert {name[:4] for name in document["subcounts"]} == {"all_", "top_"}


def test_a_link_is_made_as_documented(app, reader, community):
    (example,) = re.findall(r"```\nPOST (\S+)\n(.*?)```", GUIDE, re.DOTALL)
    path, body = example
    assert path == f"{API}/shares"
    wish = read_wish(json.loads(body), QUESTIONS, current_usage_stats.catalog)
    lifetime = timedelta(days=wish.pop("days"))
    share = create(system_identity, wish["scope"], wish["question"], wish["parameters"], lifetime)
    address = f"{API}/shared/{token(share)}"
    assert reader.get(address).json["query"]["metric"] == ["views"]
    for more, status in (("format=csv", 200), ("page=1", 200), ("metric=downloads", 400)):
        assert reader.get(f"{address}?{more}").status_code == status


def missing(shown, found, path="") -> list[str]:
    """Return the names that an object lacks; values may differ, and lists be longer."""
    if isinstance(shown, list):
        return [d for one in shown for d in missing(one, found[0] if found else {}, f"{path}[]")]
    if not isinstance(shown, dict):
        return []
    lacking = [f"{path}.{name}" for name in shown if name not in found]
    here = (name for name in shown if name in found)
    return lacking + [d for n in here for d in missing(shown[n], found[n], f"{path}.{n}")]


def differences(shown, found, path="") -> list[str]:
    """Return where an answer differs; what is not shown of an object may be anything."""
    if isinstance(shown, dict) and isinstance(found, dict):
        return [d for k in shown for d in differences(shown[k], found.get(k), f"{path}.{k}")]
    if isinstance(shown, list) and isinstance(found, list) and len(shown) == len(found):
        pairs = enumerate(zip(shown, found, strict=True))
        return [d for n, (a, b) in pairs for d in differences(a, b, f"{path}[{n}]")]
    return [] if shown == found else [f"{path}: {found!r} instead of {shown!r}"]
