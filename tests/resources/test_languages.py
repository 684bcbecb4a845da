# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""All texts of an answer are in the language that is asked for."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from .conftest import API

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def ask(visitor):
    """Return a function that asks in German."""

    def get(path: str, more: str = ""):
        response = visitor.get(f"{API}/{path}period=30d&locale=de{more}", headers=ENGLISH)
        assert response.status_code == 200
        return response

    return get


def test_the_schema(ask):
    found = ask("global/schema?").json
    assert "Eindeutige Aufrufe" in [metric["label"] for metric in found["metrics"]]
    assert "Sprachen" in [dimension["label"] for dimension in found["dimensions"]]


def test_the_steps_of_an_explanation(ask):
    question = "global/explain?metric=views&"
    assert "Gezählt" in [step["label"] for step in ask(question).json["steps"]]
    assert "Gezählt" in ask(question, "&format=csv").text


def test_notes(ask):
    notes = ask("global/top?dimension=keywords&").json["notes"]
    texts = {note["code"]: note["text"] for note in notes}
    assert texts["sums"].startswith("Ein Datensatz")


def test_files_of_a_workbook(ask):
    response = ask("global/totals?metric=views&", "&format=xlsx")
    rows = load_workbook(BytesIO(response.data))["about"].iter_rows(values_only=True)
    assert "Eindeutige Aufrufe" in {row[1] for row in rows}


def test_the_next_answer_is_in_the_language_of_its_reader(ask, visitor):
    ask("global/schema?")
    found = visitor.get(f"{API}/global/schema?period=30d", headers=ENGLISH).json
    assert "Unique views" in [metric["label"] for metric in found["metrics"]]
