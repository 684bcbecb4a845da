# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
import json
import re
from contextlib import suppress
from importlib.metadata import entry_points
from importlib.util import find_spec
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
    return sentences(read_po(path.open("rb")))


def template():
    return set(sentences(read_po((PACKAGE / "translations/messages.pot").open("rb"))))


def invenio_modules():
    """Return the folders of the repository's other modules."""
    for entry in entry_points(group="invenio_i18n.translations"):
        folder = Path(find_spec(entry.module.partition(".")[0]).origin).parent
        if folder != PACKAGE:
            yield folder


def sentences(messages):
    """Return translations by context and sentence."""
    return {(context_of(m), m.id): m.string for m in messages if isinstance(m.id, str) and m.id}


def context_of(message):
    """Return a message's context, which some versions of Babel read as bytes."""
    context = message.context
    return context.decode() if isinstance(context, bytes) else context


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_pages_is_translated(language):
    assert set(catalog(language)) == template()
    assert all(catalog(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_installed_is_what_was_translated(language):
    compiled = read_mo((PACKAGE / f"translations/{language}/LC_MESSAGES/messages.mo").open("rb"))
    assert sentences(compiled) == catalog(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_modules_do_not_translate_what_we_do(language):
    """All modules share one catalogue: the same words need the same translation or a context."""
    ours, path = catalog(language), f"translations/{language}/LC_MESSAGES/messages.mo"
    for module in invenio_modules():
        with suppress(FileNotFoundError):
            theirs = sentences(read_mo((module / path).open("rb")))
            assert {k: v for k, v in theirs.items() if k in ours and v not in ("", ours[k])} == {}


def test_the_template_has_every_sentence_of_the_templates():
    pages = (path.read_text() for path in (PACKAGE / "templates").rglob("*.html"))
    used = {text for page in pages for text in re.findall(r'\b_\("([^"]+)"', page)}
    assert used <= {sentence for context, sentence in template() if context is None}


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
    alike = [text for (_, text), translation in known.items() if text == translation]
    assert len(alike) < len(known) / 20
