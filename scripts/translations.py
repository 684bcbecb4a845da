# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Bring the catalogues of all languages up to date with the sentences of the code.

python scripts/translations.py

Sentences that are gone are dropped. New ones are listed, with exit code 1, until each language
has them: in ``messages.po``, or for the scripts in ``translations.json``; then run this again.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "invenio_usage_stats"
CATALOGUES = PACKAGE / "translations"
TEMPLATE = CATALOGUES / "messages.pot"
ASSETS = PACKAGE / "assets/semantic-ui"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None}
# short words have a context: other modules of the repository translate the same ones otherwise
KEYWORDS |= dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2))
SENTENCE_OF_SCRIPTS = re.compile(r'i18next\.t\(\s*"([^"]+)"')
WIDTH = 100
SOURCE = "en"


def extract() -> None:
    """Write the template anew, in the order of the code."""
    with TEMPLATE.open("rb") as file:
        known = read_po(file)
    found = Catalog(project=known.project, version=known.version, charset="utf-8")
    found.header_comment = known.header_comment
    for name in ("creation_date", "last_translator", "msgid_bugs_address"):
        setattr(found, name, getattr(known, name))
    for _file, _line, sentence, _comments, context in extract_from_dir(
        PACKAGE, METHODS, keywords=KEYWORDS
    ):
        found.add(sentence, context=context)
    with TEMPLATE.open("wb") as file:
        write_po(file, found, no_location=True, width=WIDTH)


def update_pages(language: str) -> Iterator[str]:
    """Bring a language's catalogue of the pages up to date; yield what it does not have."""
    path = CATALOGUES / language / "LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    with TEMPLATE.open("rb") as file:
        # read for each language: an update shares its sentences with the catalogue
        catalogue.update(read_po(file), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        if language == SOURCE and message.id:
            message.string = message.id
        if not message.string:
            yield message.id
    with path.open("wb") as file:
        write_po(file, catalogue, no_location=True, width=WIDTH)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def update_scripts(language: str) -> Iterator[str]:
    """Bring a language's catalogue of the scripts up to date; yield what it does not have."""
    path = ASSETS / f"translations/invenio_usage_stats/messages/{language}/translations.json"
    code = "".join(file.read_text() for file in sorted((ASSETS / "js").rglob("*.js*")))
    known = json.loads(path.read_text())
    found = {text: known.get(text, "") for text in set(SENTENCE_OF_SCRIPTS.findall(code))}
    if language == SOURCE:
        found = {text: text for text in found}
    yield from (text for text, translated in found.items() if not translated)
    text = json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(f"{text}\n")


def main() -> int:
    """Update everything, and say what is missing."""
    extract()
    languages = sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir())
    missing = [
        f"{language}: {text}"
        for language in languages
        for update in (update_pages, update_scripts)
        for text in update(language)
    ]
    print("\n".join(missing) or f"{', '.join(languages)}: complete")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
