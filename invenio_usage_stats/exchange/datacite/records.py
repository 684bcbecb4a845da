# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The works whose use is told to others: public records with a DOI, and nothing else.

They are asked for as somebody who is not signed in, so the repository's own policy decides.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_search.engine import dsl

from ...services import visible
from ...services.scopes import anonymous

Level = Literal["record", "parent"]
DOI = "pids.doi.identifier"
CONCEPT_DOI = f"parent.{DOI}"
TERMS = 1_000
"""So many ids are asked for at a time."""
FIELDS = (
    *("id", "parent.id", DOI, CONCEPT_DOI, "versions.index", "created", "updated"),
    *("metadata.title", "metadata.creators.person_or_org", "metadata.publisher"),
    *("metadata.publication_date", "metadata.version", "metadata.resource_type.id"),
)
_YEAR = re.compile(r"^\d{4}(?!\d)")


class Creator(NamedTuple):
    """Be who made a work; identifiers are empty when they are not known."""

    name: str
    kind: str = "personal"
    given_name: str = ""
    family_name: str = ""
    orcid: str = ""
    isni: str = ""


class Work(NamedTuple):
    """Be a version of a record, or all its versions as one (a *concept*)."""

    recid: str
    """The record's id; the parent's for a concept."""

    parent_recid: str
    doi: str
    """In lower case, as DOIs are the same in any case."""

    concept_doi: str
    """Empty when the versions have none in common."""

    title: str
    creators: tuple[Creator, ...]
    publisher: str
    publication_date: str
    """As it stands in the record: a year, a day, or a range of them."""

    year: int | None
    version: str
    """As its authors call it; empty for a concept."""

    resource_type: str
    created: str
    updated: str
    index: int = 1
    """The version's place among all; 1 is the oldest."""

    level: Level = "record"

    def concept(self) -> "Work":
        """Return all versions as one, named after this one."""
        doi, parent = self.concept_doi, self.parent_recid
        return self._replace(recid=parent, doi=doi, version="", level="parent")


class Listed(NamedTuple):
    """Be a work of a list that may be long."""

    doi: str
    recid: str
    year: int | None


def public_works(recids: Collection[str]) -> dict[str, Work]:
    """Return the works among some records, by record id."""
    having_doi = dsl.Q("exists", field=DOI)
    return {work.recid: work for work in _of("id", recids, having_doi)}


def public_concepts(parents: Collection[str]) -> dict[str, Work]:
    """Return the concepts of some parents, by the parents' ids.

    A concept is named after the newest of its versions that everybody may see.
    """
    found = _of("parent.id", parents, dsl.Q("exists", field=CONCEPT_DOI))
    return {work.parent_recid: work.concept() for work in sorted(found, key=lambda w: w.index)}


def works_of(dois: Collection[str]) -> dict[str, Work]:
    """Return the works and concepts among some DOIs, which are given in lower case."""
    if not dois:
        return {}
    each = [same_doi(field, doi) for doi in sorted(dois) for field in (DOI, CONCEPT_DOI)]
    some = _search(dsl.Q("bool", should=each, minimum_should_match=1))
    versions = sorted(map(_work, some.scan()), key=lambda work: work.index)
    concepts = {work.concept_doi: work.concept() for work in versions}
    found = {**concepts, **{work.doi: work for work in versions}}
    return {doi: work for doi, work in found.items() if doi in dois}


def same_doi(field: str, doi: str) -> Any:
    """Return a query for a DOI in any case."""
    return dsl.Q("term", **{f"{field}.keyword": {"value": doi, "case_insensitive": True}})


def search_works() -> Any:
    """Return a search for all works, versions each; its hits can be listed."""
    search = _search(dsl.Q("exists", field=DOI))
    return search.source(["id", DOI, "metadata.publication_date"])


def listed(hits: Iterable[Any]) -> Iterator[Listed]:
    """Yield the works that a search has found."""
    for hit in hits:
        data = hit.to_dict()
        yield Listed(doi_in(data), data["id"], _year(data["metadata"].get("publication_date", "")))


def _of(field: str, ids: Collection[str], wanted: Any) -> Iterator[Work]:
    """Yield the works with some ids."""
    known = sorted(set(ids))
    for start in range(0, len(known), TERMS):
        some = dsl.Q("terms", **{field: known[start : start + TERMS]})
        yield from map(_work, _search(some & wanted).scan())


def _search(wanted: Any) -> Any:
    """Return a search among public records."""
    public = wanted & dsl.Q("term", **{"access.record": "public"})
    for field, value in visible.PUBLISHED.items():
        public &= dsl.Q("term", **{field: value})
    search = visible.search_for(current_rdm_records_service, anonymous(), public)
    return search.source(list(FIELDS))


def _work(hit: Any) -> Work:
    """Return what a hit of the index of records is."""
    data = hit.to_dict()
    parent, metadata = data.get("parent", {}), data.get("metadata", {})
    date = metadata.get("publication_date", "")
    return Work(
        recid=data["id"],
        parent_recid=parent.get("id", ""),
        doi=doi_in(data),
        concept_doi=doi_in(parent),
        title=metadata.get("title", ""),
        creators=tuple(_creator(one["person_or_org"]) for one in metadata.get("creators", ())),
        publisher=metadata.get("publisher", ""),
        publication_date=date,
        year=_year(date),
        version=metadata.get("version", ""),
        resource_type=metadata.get("resource_type", {}).get("id", ""),
        created=data.get("created", ""),
        updated=data.get("updated", ""),
        index=data.get("versions", {}).get("index", 1),
    )


def _year(date: str) -> int | None:
    """Return the year in which a publication date begins; none when it says none."""
    found = _YEAR.match(date)
    return int(found[0]) if found else None


def doi_in(data: dict[str, Any]) -> str:
    """Return the DOI of a record or parent; empty when it has none."""
    return data.get("pids", {}).get("doi", {}).get("identifier", "").lower()


def _creator(person: dict[str, Any]) -> Creator:
    """Return who made a work."""
    known = {one["scheme"]: one["identifier"] for one in person.get("identifiers", ())}
    return Creator(
        name=person.get("name", ""),
        kind=person.get("type", "personal"),
        given_name=person.get("given_name", ""),
        family_name=person.get("family_name", ""),
        orcid=known.get("orcid", ""),
        isni=known.get("isni", ""),
    )
