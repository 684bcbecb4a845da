# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
import json
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import invenio_usage_stats

PACKAGE = Path(invenio_usage_stats.__file__).parent
SCRIPTS = PACKAGE / "assets/semantic-ui"
MESSAGES = SCRIPTS / "translations/invenio_usage_stats/messages"
LANGUAGES = ["en", "de", "fr", "es", "sv"]


def catalog(language):
    path = PACKAGE / f"translations/{language}/LC_MESSAGES/messages.po"
    return {m.id: m.string for m in read_po(path.open("rb")) if m.id}


def template():
    return {m.id for m in read_po((PACKAGE / "translations/messages.pot").open("rb")) if m.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_pages_is_translated(language):
    assert set(catalog(language)) == template()
    assert all(catalog(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_installed_is_what_was_translated(language):
    compiled = read_mo((PACKAGE / f"translations/{language}/LC_MESSAGES/messages.mo").open("rb"))
    assert {m.id: m.string for m in compiled if m.id} == catalog(language)


def test_the_template_has_every_sentence_of_the_templates():
    pages = (path.read_text() for path in (PACKAGE / "templates").rglob("*.html"))
    used = {text for page in pages for text in re.findall(r'\b_\("([^"]+)"', page)}
    assert used <= template()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_scripts_is_translated(language):
    scripts = "".join(path.read_text() for path in (SCRIPTS / "js").rglob("*.jsx"))
    used = set(re.findall(r'i18next\.t\("([^"]+)"', scripts))
    translated = json.loads((MESSAGES / f"{language}/translations.json").read_text())
    assert set(translated) == used
    assert all(translated.values())


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_translations_are_in_their_language(language):
    known = catalog(language)
    alike = [text for text, translation in known.items() if text == translation]
    assert len(alike) < len(known) / 20
