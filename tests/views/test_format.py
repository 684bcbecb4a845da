# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
from datetime import date

import pytest
from babel import Locale

from invenio_usage_stats.catalog import DIMENSIONS
from invenio_usage_stats.views.model.format import Formatter


def text(language: str) -> Formatter:
    return Formatter(Locale.parse(language))


@pytest.mark.parametrize(
    ("language", "value", "unit", "short", "full"),
    [
        ("en", 0, "events", "0", "0"),
        ("en", 9_999, "events", "9,999", "9,999"),
        ("en", 12_345, "events", "12.3K", "12,345"),
        ("en", 1_234_567, "records", "1.2M", "1,234,567"),
        ("de", 12_345, "events", "12.345", "12.345"),
        ("fr", 12_345, "events", "12,3\xa0k", "12\u202f345"),
        ("en", 0, "bytes", "0 bytes", "0 bytes"),
        ("en", 999, "bytes", "999 bytes", "999 bytes"),
        ("en", 999_960, "bytes", "1 MB", "999,960 bytes"),
        ("en", 1_234_567_890, "bytes", "1.2 GB", "1,234,567,890 bytes"),
        ("en", 3 * 10**18, "bytes", "3,000 PB", "3,000,000,000,000,000,000 bytes"),
    ],
)
def test_numbers_are_written_in_the_readers_language(language, value, unit, short, full):
    assert text(language).short(value, unit) == short
    assert text(language).full(value, unit) == full


def test_shares_are_exact_where_they_are_small():
    assert text("en").share(1, 3) == (33.33, "33%")
    assert text("en").share(1, 200) == (0.5, "0.5%")
    assert text("en").share(996, 10_000) == (9.96, "10%")
    assert text("en").share(0, 0) == (0.0, "0%")


def test_days_and_intervals(light_app):
    day = date(2026, 11, 16)
    with light_app.test_request_context():
        names = {
            i: text("en").interval(day, i) for i in ("day", "week", "month", "quarter", "year")
        }
    assert names == {
        "day": "Nov 16, 2026",
        "week": "week from Nov 16, 2026",
        "month": "Nov 2026",
        "quarter": "Q4 2026",
        "year": "2026",
    }
    assert [text("en").tick(day, i) for i in ("day", "week", "year")] == [
        "Nov 16",
        "Nov 2026",
        "2026",
    ]


def labelled_by(source: str):
    return next(d for d in DIMENSIONS if d.labels == source)


def test_labels_are_texts_or_the_best_of_their_translations(light_app):
    plain = labelled_by("text")
    assert text("de").label(plain, "k", {"en": "Value", "de": "Wert"}) == "Wert"
    assert text("sv").label(plain, "k", {"en": "Value", "de": "Wert"}) == "Value"
    assert text("sv").label(plain, "k", {"fr": "Valeur"}) == "Valeur"
    assert text("de").label(plain, "k", "as it is") == "as it is"
    assert text("de").label(plain, "key", "") == "key"


def test_countries_and_access_are_translated_whatever_was_stored(light_app):
    assert text("de").label(labelled_by("countries"), "SE", "Sweden") == "Schweden"
    with light_app.test_request_context():
        assert text("en").label(labelled_by("access"), "open", {"en": "Open"}) == "Open"


def test_sentences_follow_the_reader(light_app):
    with light_app.test_request_context(headers={"Accept-Language": "de"}):
        assert text("de").interval(date(2026, 11, 16), "week") == "Woche ab 16.11.2026"
