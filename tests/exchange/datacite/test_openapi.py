# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The description of the API has what others are told, and every answer is as described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from invenio_app.ext import limiter
from jsonschema import Draft202012Validator
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from .conftest import CONCEPT, MONTHS

SUSHI = ("/sushi/status", "/sushi/reports", "/sushi/reports/{report_id}")
OURS = ("/events", "/dois", "/dois/{doi}", "/records/{recid}/usage", *SUSHI)
CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
DATES = f"begin_date={MONTHS[0]}&end_date={MONTHS[-1]}"
NEWER = {"Accept": "application/vnd.api+json; version=2"}
FAIR = settings(
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
described = schemathesis.pytest.from_fixture("description")


@pytest.fixture
def document(app, shelf) -> dict:
    """Return the description."""
    return Client(app).get("/api/usage-stats/openapi.json").json


def test_all_addresses_are_described(document):
    assert set(OURS) < set(document["paths"])


@pytest.mark.parametrize(
    ("address", "schema", "headers"),
    [
        ("events?page[size]=1000", "events", {}),
        ("events?page[size]=1000", "events_2", NEWER),
        ("events?doi=10.1234/none", "events", {}),
        ("dois", "dois", {}),
        ("dois/10.1234/first", "doi", {}),
        (f"dois/{CONCEPT}", "doi", {}),
        ("records/{first}/usage", "usage", {}),
        ("records/{plain}/usage", "usage", {}),
        ("sushi/status", "sushi_status", {}),
        ("sushi/reports", "sushi_reports", {}),
        (f"sushi/reports/dsr?{DATES}", "sushi_report", {}),
        (f"sushi/reports/dsr?{DATES}&yop=old&nonsense=1", "sushi_report", {}),
    ],
)
def test_answers_are_as_described(client, document, shelf, address, schema, headers):
    url = f"/api/{address.format(**shelf.records)}"
    response = client.get(url, headers=headers)
    assert response.status_code == 200, response.json
    whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(response.json)


@pytest.fixture
def description(app, document, shelf, monkeypatch):
    """Return the description of our addresses, with records and DOIs that there are."""
    monkeypatch.setattr(limiter, "enabled", False)
    load_all_checks()
    document["paths"] = {path: document["paths"][path] for path in OURS}
    known = {
        "recid": list(shelf.records.values()),
        "doi": ["10.1234/first", CONCEPT, "10.1234/restricted"],
        "report_id": ["dsr", "pr"],
        "begin_date": ["2025-11", "2026-01-01"],
        "end_date": ["2026-01-31", "2024-12"],
        "page[size]": ["3", "1000", "0"],
        "page[cursor]": ["1"],
        "sort": ["-total"],
        "occurred-at": ["2025-2026"],
    }
    for path in document["paths"].values():
        for parameter in path["get"]["parameters"]:
            if parameter["name"] in known:
                some = {"enum": known[parameter["name"]]}
                parameter["schema"] = {"anyOf": [some, parameter["schema"]]}
    schema = schemathesis.openapi.from_dict(document)
    schema.config.phases.coverage.enabled = False
    schema.app = app
    return schema


@described.parametrize()
@FAIR
def test_answers_to_random_requests_are_as_described(case):
    response = case.call()
    assert response.status_code < 500, response.text
    case.validate_response(response, checks=CHECKS)
