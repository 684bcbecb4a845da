# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Labels of dimension values.

Documents carry ``{"en": ...}`` for terms of a vocabulary with titles and plain text otherwise.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel import Locale
from flask import current_app
from flask_babel import lazy_pgettext
from invenio_access.permissions import system_identity
from invenio_records_resources.proxies import current_service_registry
from sqlalchemy.exc import NoResultFound

from .base import Dimension

ACCESS = {
    "open": lazy_pgettext("statistics", "Open"),
    "embargoed": lazy_pgettext("statistics", "Embargoed"),
    "restricted": lazy_pgettext("statistics", "Restricted"),
    "metadata-only": lazy_pgettext("statistics", "Metadata-only"),
}
_ACCESS_ENGLISH = {key: key.capitalize() for key in ACCESS}
GENERIC = frozenset({"resourcetypes", "languages", "licenses"})
FIELDS = {"affiliations": "name", "funders": "name", "awards": "title", "subjects": "subject"}
BATCH = 500
KEPT_SECONDS = 600
Source = Callable[[list[str]], dict[str, Any]]
"""Looks up what values are called."""


def country_name(code: str, locale: str = "en") -> str:
    """Return the CLDR name of a country; the code itself when there is none."""
    return Locale.parse(locale).territories.get(code.upper(), code)


_SIMPLE: dict[str, Callable[[str], Any]] = {
    "text": lambda key: key,
    "file_types": str.upper,
    "countries": country_name,
    "access": lambda key: {"en": _ACCESS_ENGLISH.get(key, key)},
}


def translated(label: Any, locale: Locale) -> str:
    """Return a label, which may be a text or its translations by language."""
    if not isinstance(label, dict):
        return str(label or "")
    wanted = (str(locale), locale.language, "en", *label)
    return str(next((label[code] for code in wanted if label.get(code)), ""))


def label_text(dimension: Dimension, key: str, label: Any, locale: Locale) -> str:
    """Return the label of a value in a language."""
    if dimension.labels == "countries":
        return country_name(key, str(locale))
    if dimension.labels == "access":
        return str(ACCESS.get(key, key))
    return translated(label, locale) or key


class Labels:
    """Resolve labels and remember them, and what has none, for some minutes.

    What is older is looked up again, since vocabularies change; until then it stays.
    """

    def __init__(self, sources: Mapping[str, Source] | None = None) -> None:
        """Take where labels come from that no vocabulary has, by the name of the label source."""
        self._sources = sources or {}
        self._known: dict[tuple[str, str], Any] = {}
        self._asked: dict[tuple[str, str], float] = {}

    def __call__(self, dimension: Dimension, key: str) -> Any:
        """Return the label that documents carry; a value's key when the vocabulary lacks it."""
        label = self._label(dimension, key)
        if isinstance(label, dict):
            return {"en": label.get("en") or next(iter(label.values()), key)}
        return label

    def text(self, dimension: Dimension, key: str, locale: Locale) -> str:
        """Return the label of a value in a reader's language."""
        return label_text(dimension, key, self._label(dimension, key), locale)

    def _label(self, dimension: Dimension, key: str) -> Any:
        """Return the label of a value with all its translations."""
        simple = _SIMPLE.get(dimension.labels)
        return simple(key) if simple else self._known.get((dimension.labels, key), key)

    def prefetch(self, dimension: Dimension, keys: Iterable[str]) -> None:
        """Look up what is not yet known of these values, in few requests."""
        source = dimension.labels
        if source in _SIMPLE:
            return
        now = time.monotonic()
        old = now - KEPT_SECONDS
        wanted = sorted(k for k in keys if k and self._asked.get((source, k), old) <= old)
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            titles = self._titles(source, some)
            self._asked |= {(source, key): now for key in some}
            self._known |= {(source, key): key for key in some}
            self._known |= {(source, key): title for key, title in titles.items()}

    def _titles(self, source: str, keys: list[str]) -> dict[str, Any]:
        """Return what values are called; nothing of those that have no label."""
        if source in self._sources:
            return self._sources[source](keys)
        return {term["id"]: _title(source, term) for term in _terms_apart(source, keys)}


def _terms_apart(source: str, ids: list[str]) -> list[dict[str, Any]]:
    """Return the terms of a vocabulary, read in a database session of their own.

    The services use the session of the application's context. In one of its own, the
    transaction ends with the lookup, the caller's is left alone, and none that broke is used.
    """
    with current_app.app_context():
        return list(_terms(source, ids))


def _terms(source: str, ids: list[str]) -> Iterable[dict[str, Any]]:
    """Return the terms of a vocabulary; none when the repository does not have it."""
    if source in GENERIC:
        service = current_service_registry.get("vocabularies")
        try:
            return service.read_many(system_identity, source, ids, max_records=BATCH).hits
        except NoResultFound:
            return ()
    return current_service_registry.get(source).read_many(system_identity, ids).hits


def _title(source: str, term: dict[str, Any]) -> Any:
    """Return what a term is called, with all its translations."""
    return term.get(FIELDS.get(source, "title")) or term["id"]
