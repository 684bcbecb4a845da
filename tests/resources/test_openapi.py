# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The description of the API: valid, and made from the catalog."""

import pytest
from jsonschema import Draft202012Validator

from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.resources import UsageStatsResourceConfig
from invenio_usage_stats.resources.openapi.parameters import DESCRIPTIONS
from invenio_usage_stats.services.schemas import parameter_fields

URL = "/api/usage-stats/openapi.json"


@pytest.fixture
def document(client) -> dict:
    """Return the description."""
    response = client.get(URL)
    assert response.status_code == 200
    return response.json


def test_every_question_of_every_scope_and_share_links_are_described(document):
    questions = UsageStatsResourceConfig.questions
    kinds = ("communities", "records", "users")
    scopes = ("global", *(f"{kind}/{{scope_id}}" for kind in kinds))
    expected = {f"/usage-stats/{scope}/{name}" for scope in scopes for name in questions}
    links = {"shares", "shares/{share_id}", "shared/{token}"}
    expected |= {f"/usage-stats/{name}" for name in links}
    expected |= {"/reports/metrics", "/reports/metrics/{kind}"}
    expected |= {f"/reports/annual/{scope}" for scope in scopes[:2]}
    assert set(document["paths"]) == expected
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://localhost/api"}]


def test_choices_come_from_the_catalog(app, document):
    parameters = document["components"]["parameters"]
    catalog = current_usage_stats.catalog
    assert parameters["metric"]["schema"]["items"]["enum"] == list(catalog.metrics)
    assert set(catalog.shown("records")) <= set(catalog.dimensions.values())
    for dimension in catalog.shown("usage"):
        assert dimension.id in parameters["dimension"]["schema"]["enum"]
        assert dimension.id in parameters["filter"]["schema"]["items"]["pattern"]


def test_every_parameter_has_a_description(app):
    assert set(DESCRIPTIONS) == {*parameter_fields(current_usage_stats.catalog), "format", "token"}


def test_schemas_are_valid(document):
    schemas = document["components"]["schemas"]
    assert set(UsageStatsResourceConfig.questions) < set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for parameter in document["components"]["parameters"].values():
        Draft202012Validator.check_schema(parameter["schema"])


def test_the_description_can_be_kept(client):
    response = client.get(URL)
    tag = response.headers["ETag"]
    again = client.get(URL, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
