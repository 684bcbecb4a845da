# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Requests generated from the description of the API: every answer is as declared."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from invenio_app.ext import limiter
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from .conftest import API

URL = f"{API}/openapi.json"
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
OPERATIONS = 22
SOME, MANY = 6, 40
"""Random requests of each operation."""
FAIR = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
asked: list[int] = []
"""The statuses of all answers."""
described = schemathesis.pytest.from_fixture("description")
covered = schemathesis.pytest.from_fixture("whole_description")


@pytest.fixture
def description(app, house, monkeypatch):
    """Return the description, with scopes that there are among those that there are not.

    The requests come from no address, by which the limiter could count them.
    """
    monkeypatch.setattr(limiter, "enabled", False)
    load_all_checks()
    document = Client(app).get(URL).json
    for path, item in document["paths"].items():
        ids = {"communities": house.communities, "records": house.records}
        known = [*ids.get(path.split("/")[2], {}).values()]
        for parameter in item.get("get", {}).get("parameters", ()):
            if known and parameter.get("in") == "path":
                parameter["schema"] = {"anyOf": [{"enum": known}, parameter["schema"]]}
    schema = schemathesis.openapi.from_dict(document)
    schema.config.phases.coverage.enabled = False
    schema.app = app
    assert len(list(schema.get_all_operations())) == OPERATIONS
    return schema


@pytest.fixture
def whole_description(description):
    """Return the description to be covered: every value of every parameter, good and bad."""
    description.config.phases.coverage.enabled = True
    return description


def check(case) -> None:
    """Ask, and compare the answer with what is declared."""
    response = case.call()
    asked.append(response.status_code)
    assert response.status_code < 500, response.text
    case.validate_response(response, checks=CHECKS)


@described.parametrize()
@settings(FAIR, max_examples=SOME)
def test_answers_are_as_declared(case):
    check(case)


@pytest.mark.long
@covered.parametrize()
@settings(FAIR, max_examples=MANY)
def test_thousands_of_answers_are_as_declared(case):
    check(case)


@pytest.mark.long
def test_thousands_were_asked():
    assert len(asked) >= 2_000
    assert {200, 400} <= set(asked)
