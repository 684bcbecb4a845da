# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Requests generated from the description of the API: every answer is as declared."""

from itertools import count

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from invenio_app.ext import limiter
from invenio_db import db
from invenio_oauth2server.models import Token
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
OPERATIONS, REQUESTS = 32, 2_000
SOME, MANY = 70, 400
"""Random requests of each operation."""
FAIR = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
asked: list[int] = []
"""The statuses of all answers."""
turns = count()
tokens: dict[str, str] = {}
"""Access tokens by who has them; empty for those who are not signed in."""
described = schemathesis.pytest.from_fixture("description")
covered = schemathesis.pytest.from_fixture("whole_description")


@pytest.fixture
def description(app, house, monkeypatch):
    """Return the description, with scopes that there are among those that there are not.

    The requests come from no address, by which the limiter could count them.
    """
    _sign_in(house)
    monkeypatch.setattr(limiter, "enabled", False)
    load_all_checks()
    document = Client(app).get(URL).json
    scopes = {"enum": list(house.scopes.values())}
    for path, item in document["paths"].items():
        ids = {"communities": house.communities, "records": house.records}
        known = [id_ for part in path.split("/") for id_ in ids.get(part, {}).values()]
        for parameter in item.get("get", {}).get("parameters", ()):
            if known and parameter.get("in") == "path":
                parameter["schema"] = {"anyOf": [{"enum": known}, parameter["schema"]]}
            if parameter.get("name") == "scope":
                parameter["schema"] = {"anyOf": [scopes, parameter["schema"]]}
    wish = document["components"]["schemas"]["share_wish"]["properties"]
    wish["scope"] = {"anyOf": [scopes, wish["scope"]]}
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


def _sign_in(house) -> None:
    """Let a member and an administrator have tokens."""
    if not tokens:
        tokens["nobody"] = ""
        for who in ("member", "administrator"):
            person = int(house.people[who].id)
            tokens[who] = Token.create_personal(who, person, scopes=[]).access_token
        db.session.commit()


def check(case) -> None:
    """Ask, as everybody in turn, and compare the answer with what is declared."""
    token = list(tokens.values())[next(turns) % len(tokens)]
    response = case.call(headers={"Authorization": f"Bearer {token}"} if token else {})
    asked.append(response.status_code)
    assert response.status_code < 500, response.text
    case.validate_response(response, checks=CHECKS)


@described.parametrize()
@settings(FAIR, max_examples=SOME)
def test_answers_are_as_declared(case):
    check(case)


def test_thousands_were_asked():
    assert len(asked) >= REQUESTS
    assert {200, 400, 401, 403} <= set(asked)


@pytest.mark.long
@covered.parametrize()
@settings(FAIR, max_examples=MANY)
def test_all_values_of_all_parameters_are_answered_as_declared(case):
    check(case)
