# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The dimensions."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_pgettext
from invenio_i18n import lazy_gettext as _

from .base import REPORTS, Dimension


def _key(value: dict[str, Any], *texts: str) -> str | None:
    """Return the id of a metadata value, else the first of its texts."""
    for name in ("id", *texts):
        found = value.get(name)
        if isinstance(found, dict):
            found = found.get("en") or next(iter(found.values()), None)
        if found:
            return str(found)
    return None


def _listed(field: str, *texts: str) -> Callable[[Any], Iterable[str]]:
    """Return a reader of a list of values in the metadata."""

    def values(record: Any) -> Iterable[str]:
        return filter(None, (_key(v, *texts) for v in record.metadata.get(field) or ()))

    return values


def _affiliations(*fields: str) -> Callable[[Any], Iterable[str]]:
    """Return a reader of the affiliations of people."""

    def values(record: Any) -> Iterable[str]:
        people = (p for field in fields for p in record.metadata.get(field) or ())
        return filter(None, (_key(a, "name") for p in people for a in p.get("affiliations") or ()))

    return values


def _funding(part: str, *texts: str) -> Callable[[Any], Iterable[str]]:
    """Return a reader of the funders or awards."""

    def values(record: Any) -> Iterable[str]:
        funding = record.metadata.get("funding") or ()
        return filter(None, (_key(f.get(part) or {}, *texts) for f in funding))

    return values


def _keywords(record: Any) -> Iterable[str]:
    """Return subjects that have no id."""
    subjects = record.metadata.get("subjects") or ()
    return filter(None, (s.get("subject") for s in subjects if not s.get("id")))


def _subjects(record: Any) -> Iterable[str]:
    """Return the ids of subjects."""
    return filter(None, (s.get("id") for s in record.metadata.get("subjects") or ()))


def _text(value: Any) -> Iterable[str]:
    """Return a single text as a list of at most one value."""
    text = str(value or "").strip()
    return (text,) if text else ()


def _referrer(event: Any) -> Iterable[str]:
    """Return the lower-case host of the referrer: paths and queries may identify people."""
    return _text(_host(event.referrer or ""))


@lru_cache(maxsize=10_000)
def _host(address: str) -> str | None:
    """Return the host of an address; none where there is no such thing."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _containing(field: str) -> Callable[[str], dict[str, Any]]:
    """Return what searches a field for a part of its text."""

    def query(key: str) -> dict[str, Any]:
        escaped = "".join(f"\\{char}" if char in "*?\\" else char for char in key)
        return {"wildcard": {field: {"value": f"*{escaped}*", "case_insensitive": True}}}

    return query


_RECORDS = frozenset({"records"})
_USAGE = frozenset({"usage"})

DIMENSIONS = (
    Dimension(
        id="resource_types",
        multiple=False,
        singular="resource_type",
        label=lazy_pgettext("statistics", "Resource types"),
        source="record",
        values=lambda r: _text((r.metadata.get("resource_type") or {}).get("id")),
        labels="resourcetypes",
        complete=True,
        public_for_restricted=True,
        component="ResourceTypesTable",
    ),
    Dimension(
        id="access_rights",
        multiple=False,
        singular="access_right",
        label=lazy_pgettext("statistics", "Access"),
        source="record",
        values=lambda r: (r.access_status,),
        labels="access",
        complete=True,
        public_for_restricted=True,
        component="AccessRightsTable",
    ),
    Dimension(
        id="languages",
        singular="language",
        label=lazy_pgettext("statistics", "Languages"),
        source="record",
        values=_listed("languages"),
        labels="languages",
        complete=True,
        component="LanguagesTable",
    ),
    Dimension(
        id="licenses",
        singular="license",
        label=lazy_pgettext("statistics", "Licences"),
        source="record",
        values=_listed("rights", "title"),
        labels="licenses",
        complete=True,
        component="LicensesTable",
    ),
    Dimension(
        id="file_types",
        singular="file_type",
        label=lazy_pgettext("statistics", "File types"),
        source="file",
        values=lambda r: r.files.keys(),
        labels="file_types",
        complete=True,
        public_for_restricted=True,
        component="FileTypesTable",
    ),
    Dimension(
        id="affiliations",
        singular="affiliation",
        label=lazy_pgettext("statistics", "Affiliations"),
        source="record",
        values=_affiliations("creators", "contributors"),
        labels="affiliations",
        component="AffiliationsTable",
    ),
    Dimension(
        id="affiliations_creator",
        singular="affiliation_creator",
        label=lazy_pgettext("statistics", "Affiliations of creators"),
        source="record",
        values=_affiliations("creators"),
        labels="affiliations",
        families=_RECORDS,
    ),
    Dimension(
        id="affiliations_contributor",
        singular="affiliation_contributor",
        label=lazy_pgettext("statistics", "Affiliations of contributors"),
        source="record",
        values=_affiliations("contributors"),
        labels="affiliations",
        families=_RECORDS,
    ),
    Dimension(
        id="funders",
        singular="funder",
        label=lazy_pgettext("statistics", "Funders"),
        source="record",
        values=_funding("funder", "name"),
        labels="funders",
        component="FundersTable",
    ),
    Dimension(
        id="awards",
        singular="award",
        label=lazy_pgettext("statistics", "Awards"),
        source="record",
        values=_funding("award", "number", "title"),
        labels="awards",
        component="AwardsTable",
    ),
    Dimension(
        id="subjects",
        singular="subject",
        label=lazy_pgettext("statistics", "Subjects"),
        source="record",
        values=_subjects,
        labels="subjects",
        component="SubjectsTable",
    ),
    Dimension(
        id="keywords",
        singular="keyword",
        label=lazy_pgettext("statistics", "Keywords"),
        source="record",
        values=_keywords,
        component="KeywordsTable",
    ),
    Dimension(
        id="publishers",
        multiple=False,
        singular="publisher",
        label=lazy_pgettext("statistics", "Publishers"),
        source="record",
        values=lambda r: _text(r.metadata.get("publisher")),
        component="PublishersTable",
    ),
    Dimension(
        id="periodicals",
        multiple=False,
        singular="periodical",
        label=lazy_pgettext("statistics", "Periodicals"),
        source="record",
        values=lambda r: _text((r.custom_fields.get("journal:journal") or {}).get("title")),
        component="PeriodicalsTable",
    ),
    Dimension(
        id="countries",
        multiple=False,
        singular="country",
        label=lazy_pgettext("statistics", "Countries"),
        source="event",
        values=lambda e: _text(e.country),
        event_query=lambda key: {"term": {"country": key}},
        labels="countries",
        families=_USAGE,
        component="CountriesTable",
        hint=_("Countries are found with a location database, which the repository must have."),
    ),
    Dimension(
        id="referrers",
        multiple=False,
        singular="referrer",
        label=lazy_pgettext("statistics", "Referrers"),
        source="event",
        values=_referrer,
        event_query=_containing("referrer"),
        families=_USAGE,
        component="ReferrersTable",
    ),
    Dimension(
        id="consumers",
        multiple=False,
        singular="consumer",
        label=lazy_pgettext("statistics", "Software"),
        source="report",
        values=lambda e: _text(e.consumer),
        labels="consumers",
        families=frozenset({REPORTS}),
        component="ConsumersTable",
    ),
    Dimension(
        id="uploaders",
        multiple=False,
        singular="uploader",
        label=lazy_pgettext("statistics", "Uploaders"),
        source="record",
        values=lambda r: _text(r.owner),
        families=_RECORDS,
        public_for_restricted=True,
        hidden=True,
        counted_as="uploaders",
    ),
)
