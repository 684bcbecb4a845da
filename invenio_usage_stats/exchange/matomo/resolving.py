# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which records of this repository were downloaded, by DOIs and by own addresses."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import current_app
from invenio_access.permissions import system_identity
from invenio_db import db
from invenio_pidstore.models import PersistentIdentifier
from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_rdm_records.records.models import RDMFileRecordMetadata
from invenio_search.engine import dsl
from sqlalchemy.engine import Connection

from ...ledger.models import LedgerRecord
from ...services.visible import search_for
from ..datacite.records import CONCEPT_DOI, DOI, doi_in, same_doi
from .urls import doi_of

RECORDS, FILES = LedgerRecord.__table__, RDMFileRecordMetadata.__table__
PIDS = PersistentIdentifier.__table__
LOT = 200
"""So many DOIs are looked for in the index at once."""
_RECORD = re.compile(r"/records/([^/?]+)(?:/files/([^?]+)|/files-archive)?(?:\?.*)?")
CONTENT = {"SITE_API_URL": "/content", "SITE_UI_URL": ""}
"""What follows the name of a file, by the setting with which the address begins."""


class Thing(NamedTuple):
    """Be what was downloaded: a file or a version of a record, or all its versions (a concept)."""

    parent_recid: str
    parent_id: str
    recid: str | None = None
    record_id: str | None = None
    file_key: str | None = None

    def concept(self) -> "Thing":
        """Return all its versions."""
        return Thing(self.parent_recid, self.parent_id)


class _Own(NamedTuple):
    """Be what an address of this repository names."""

    recid: str
    file_key: str | None


def resolved(addresses: Collection[str]) -> dict[str, Thing]:
    """Return what normalised addresses name; what is nothing of this repository is left out."""
    dois = {one: doi for one in addresses if (doi := doi_of(one))}
    own = {one: found for one in addresses if (found := _own(one))}
    with db.engine.connect() as connection:
        by_doi = _of_dois(connection, set(dois.values())) if dois else {}
        by_own = _of_own(connection, set(own.values())) if own else {}
    found = {one: by_doi.get(doi) for one, doi in dois.items()}
    found |= {one: by_own.get(thing) for one, thing in own.items()}
    return {one: thing for one, thing in found.items() if thing}


def _own(address: str) -> _Own | None:
    """Return what an address of this repository's pages or API names; none for all others."""
    for setting in ("SITE_API_URL", "SITE_UI_URL"):
        base = urlsplit(current_app.config[setting])
        start = f"{base.netloc.lower()}{base.path.rstrip('/')}"
        rest = address.removeprefix(start) if address.startswith(start) else ""
        if found := _RECORD.fullmatch(rest):
            key = found[2] and unquote(found[2]).removesuffix(CONTENT[setting])
            return _Own(unquote(found[1]), key or None)
    return None


def _of_dois(connection: Connection, dois: set[str]) -> dict[str, Thing]:
    """Return what DOIs in lower case name."""
    written = {form: doi for doi in dois for form in (doi.upper(), doi)}
    found = {written[form]: thing for form, thing in _registered(connection, written)}
    rest = sorted(dois - found.keys())
    for start in range(0, len(rest), LOT):
        found |= _indexed(connection, rest[start : start + LOT])
    return found


def _registered(connection: Connection, forms: Collection[str]) -> Iterator[tuple[str, Thing]]:
    """Yield what DOIs name that are written just so, concepts first."""
    wanted = (PIDS.c.pid_type == "doi", PIDS.c.pid_value.in_(list(forms)))
    for column in (RECORDS.c.parent_uuid, RECORDS.c.uuid):
        query = sa.select(PIDS.c.pid_value, RECORDS).join_from(
            PIDS, RECORDS, PIDS.c.object_uuid == column
        )
        for row in connection.execute(query.where(*wanted)):
            thing = _thing(row)
            yield row.pid_value, thing if column is RECORDS.c.uuid else thing.concept()


def _indexed(connection: Connection, dois: Collection[str]) -> dict[str, Thing]:
    """Return what DOIs name that are written in another case, or stand in records alone."""
    each = [same_doi(field, doi) for doi in dois for field in (DOI, CONCEPT_DOI)]
    wanted = dsl.Q("bool", should=each, minimum_should_match=1)
    search = search_for(current_rdm_records_service, system_identity, wanted)
    hits = [hit.to_dict() for hit in search.source(["id", DOI, CONCEPT_DOI]).scan()]
    recids = [hit["id"] for hit in hits]
    things = {one.recid: one for one in _records(connection, RECORDS.c.recid, recids)}
    known = [(hit, things[hit["id"]]) for hit in hits if hit["id"] in things]
    found = {doi_in(hit.get("parent", {})): thing.concept() for hit, thing in known}
    found |= {doi_in(hit): thing for hit, thing in known}
    return {doi: thing for doi, thing in found.items() if doi in dois}


def _of_own(connection: Connection, named: set[_Own]) -> dict[_Own, Thing]:
    """Return what own addresses name, as far as there are such records and files."""
    ids = {one.recid for one in named}
    by_parent = _records(connection, RECORDS.c.parent_recid, ids)
    found = {thing.parent_recid: thing.concept() for thing in by_parent}
    found |= {thing.recid or "": thing for thing in _records(connection, RECORDS.c.recid, ids)}
    things = {
        one: found[one.recid]._replace(file_key=one.file_key) for one in named if one.recid in found
    }
    files = _files(connection, things.values())
    return {
        one: thing
        for one, thing in things.items()
        if thing.file_key is None or (thing.record_id, thing.file_key) in files
    }


def _files(connection: Connection, things: Iterable[Thing]) -> set[tuple[str, str]]:
    """Return the files that there are among some, as ids of records and names."""
    wanted = [(thing.record_id, thing.file_key) for thing in things if thing.file_key]
    if not wanted:
        return set()
    ids, keys = zip(*wanted, strict=True)
    query = sa.select(FILES.c.record_id, FILES.c.key)
    rows = connection.execute(
        query.where(FILES.c.record_id.in_(filter(None, ids)), FILES.c.key.in_(keys))
    )
    return {(str(row.record_id), row.key) for row in rows}


def _records(connection: Connection, column: sa.Column, values: Iterable[str]) -> list[Thing]:
    """Return the records with some values in a column."""
    query = sa.select(RECORDS).where(column.in_(list(values)))
    return [_thing(row) for row in connection.execute(query)]


def _thing(row: sa.Row) -> Thing:
    """Return a version of a record."""
    return Thing(row.parent_recid, str(row.parent_uuid), row.recid, str(row.uuid))
