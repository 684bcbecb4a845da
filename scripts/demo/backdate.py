# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Set everything that was made back to its planned moment, in the repository and in the ledger.

The services can only act now, so this is done once, directly in the database; records are
indexed again afterwards.
"""

import argparse
import json
import logging
import time
from datetime import datetime, timedelta
from pathlib import Path


def moments_of(entry, parents, slugs):
    """Return ``moment(version, scope, kind)`` for one record: when a ledger entry takes effect."""
    joined, left = {}, {}
    for member in entry["memberships"]:
        joined[member["slug"]] = member["joined"]
        left[member["slug"]] = member["left"]
        # With a sub-community comes its parent, at the same moment.
        if parents.get(member["slug"]):
            joined.setdefault(parents[member["slug"]], member["joined"])

    def moment(version, scope, kind):
        published = version["published"]
        if scope == "global":
            planned = {
                "added": published,
                "edited": entry["edited"],
                "deleted": entry["deleted"],
                "restored": entry["restored"],
            }
            return planned[kind] or entry["versions"][-1]["published"]
        slug = slugs[scope]
        if kind == "added":
            return max(joined.get(slug) or published, published)
        return left.get(slug) or published

    return moment


def backdate_ledger(connection, made):
    """Set the ledger back; its entries are projected again by the next aggregation."""
    import sqlalchemy as sa

    from invenio_usage_stats.ledger.models import LedgerEntry, LedgerRecord

    records, entries = LedgerRecord.__table__, LedgerEntry.__table__
    slugs = {uuid: slug for slug, uuid in made["communities"].items()}
    ids = dict(connection.execute(sa.select(records.c.recid, records.c.id)).all())
    rows = {}
    for row in connection.execute(
        sa.select(entries.c.id, entries.c.record_id, entries.c.scope, entries.c.kind)
    ):
        rows.setdefault(row.record_id, []).append(row)
    changes = []
    for entry in made["records"]:
        moment = moments_of(entry, made["parents"], slugs)
        drafted = datetime.fromisoformat(entry["versions"][0]["published"]) - timedelta(hours=1)
        for version in entry["versions"]:
            number = ids[version["recid"]]
            published = datetime.fromisoformat(version["published"])
            connection.execute(
                sa.update(records)
                .where(records.c.id == number)
                .values(created=published, drafted=drafted)
            )
            changes += [(row.id, moment(version, row.scope, row.kind)) for row in rows[number]]
    for number, at in changes:
        values = {"effective_at": datetime.fromisoformat(at), "projected_at": None}
        connection.execute(sa.update(entries).where(entries.c.id == number).values(**values))
    return len(changes)


def backdate_repository(connection, made):
    """Set records, their works, requests, tombstones and communities back."""
    import sqlalchemy as sa

    def run(sql, **values):
        connection.execute(sa.text(sql), values)

    for entry in made["records"]:
        first = datetime.fromisoformat(entry["versions"][0]["published"])
        drafted = first - timedelta(hours=1)
        run(
            "update rdm_parents_metadata set created = :c where id = :id",
            c=drafted,
            id=entry["parent_uuid"],
        )
        for version in entry["versions"]:
            published = version["published"]
            updated = max(filter(None, (published, entry["edited"])))
            run(
                "update rdm_records_metadata set created = :c, updated = :u where id = :id",
                c=datetime.fromisoformat(published),
                u=datetime.fromisoformat(updated),
                id=version["uuid"],
            )
        if entry["deleted"] and not entry["restored"]:
            run(
                "update rdm_records_metadata set json = jsonb_set(json,"
                " '{tombstone,removal_date}', to_jsonb(cast(:d as text)))"
                " where id = :id",
                d=entry["deleted"] + "+00:00",
                id=entry["versions"][-1]["uuid"],
            )
        for member in entry["memberships"]:
            run(
                "update request_events set created = :at, updated = :at where request_id in"
                " (select request_id from rdm_parents_community"
                " where record_id = :parent and community_id = :community)",
                at=datetime.fromisoformat(member["joined"]),
                parent=entry["parent_uuid"],
                community=made["communities"][member["slug"]],
            )
    start = datetime.fromisoformat(made["end"]) - timedelta(days=760)
    for uuid in made["communities"].values():
        run("update communities_metadata set created = :c where id = :id", c=start, id=uuid)


def reindex(made):
    """Index records and communities again, as they now are."""
    from invenio_communities.proxies import current_communities
    from invenio_rdm_records.proxies import current_rdm_records_service
    from invenio_rdm_records.records.api import RDMRecord
    from invenio_search import current_search_client
    from invenio_search.utils import build_alias_name

    service = current_rdm_records_service
    for entry in made["records"]:
        for version in entry["versions"]:
            service.indexer.index(RDMRecord.get_record(version["uuid"]))
    communities = current_communities.service
    for uuid in made["communities"].values():
        communities.indexer.index(communities.record_cls.get_record(uuid))
    names = ",".join(build_alias_name(name) for name in ("rdmrecords", "communities"))
    current_search_client.indices.refresh(index=names)


def main():
    """Read the command line and set everything back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--made", default="made.json")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    made = json.loads(Path(options.made).read_text())
    from invenio_app.factory import create_app
    from invenio_db import db

    with create_app().app_context():
        begin = time.time()
        with db.engine.begin() as connection:
            count = backdate_ledger(connection, made)
            backdate_repository(connection, made)
        print(f"{time.time() - begin:6.1f} s  {count} entries of the ledger set back", flush=True)
        reindex(made)
        print(f"{time.time() - begin:6.1f} s  records indexed again", flush=True)


if __name__ == "__main__":
    main()
