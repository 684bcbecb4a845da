# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whatever is sent, nothing breaks."""

import pytest

from .conftest import API, asking

HOSTILE = ("%00", "a%00b", "%ff%fe", "%F0%9F%A6%89", "..%2f..", "%2e%2e", "a" * 5_000, "'%22%3B--")
NAMES = ("metric", "period", "since", "interval", "filter", "dimension", "locale", "format", "size")


@pytest.mark.parametrize("text", HOSTILE)
def test_scopes(app, house, text):
    with asking(app, house, "owner") as client:
        for kind in ("communities", "records"):
            assert client.get(f"{API}/{kind}/{text}/totals").status_code in (403, 404)
        listed = client.get(f"{API}/shares?scope=communities/{text}")
        assert listed.status_code in (400, 403)
        assert client.get(f"{API}/shared/{text}").status_code in (403, 404)


@pytest.mark.parametrize("text", [*HOSTILE, "٣d", "２０２６-01-01", "１", "1e3", "-1", "NaN"])
def test_parameters(app, house, text):
    with asking(app, house, "owner") as client:
        for name in NAMES:
            for value in (text, f"keywords:{text}"):
                status = client.get(
                    f"{API}/global/top?dimension=keywords&{name}={value}"
                ).status_code
                assert status in (200, 400, 422), (name, value)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "🦉", "a" * 5_000])
def test_bodies(app, house, text):
    with asking(app, house, "administrator") as client:
        for body in (
            {"scope": text, "question": "totals"},
            {"scope": "global", "question": text},
            {"scope": "global", "question": "totals", "parameters": {text: text}},
            {"scope": "global", "question": "top", "parameters": {"filter": f"keywords:{text}"}},
        ):
            response = client.post(f"{API}/shares", json=body)
            assert response.status_code in (201, 400, 403), (body, response.text)
            if response.status_code == 201:
                shared = response.json["links"]["shared"].removeprefix("http://localhost")
                assert client.get(shared).status_code in (200, 400, 422)


@pytest.mark.parametrize("method", ["head", "options"])
def test_other_methods_of_reading(app, house, method):
    with asking(app, house, "anonymous") as client:
        for form in ("json", "csv", "xlsx"):
            response = getattr(client, method)(f"{API}/global/totals?format={form}")
            assert (response.status_code, response.data) == (200, b"")
