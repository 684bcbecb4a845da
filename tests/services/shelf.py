# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository whose records and communities not everybody may see, and its readers."""

from datetime import timedelta
from types import SimpleNamespace

from flask_principal import AnonymousIdentity
from invenio_access.permissions import any_user, system_identity
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.sheets.days import file_number
from invenio_usage_stats.ledger.models import utc_now

from .. import content
from ..oracle.world import Event
from ..world import index_events, wipe


def nobody():
    """Return the identity of a visitor."""
    identity = AnonymousIdentity()
    identity.provides.add(any_user)
    return identity


def use(recid: str, views: int, downloads: int = 0) -> list[Event]:
    """Return views of a record, and downloads of its first file, of now."""
    record = records.record_cls.pid.resolve(recid)
    parent = record.parent["id"]
    # after everything was published
    at = utc_now().replace(microsecond=0) + timedelta(seconds=1)
    common = {"at": at, "record": recid, "parent": parent}
    found = [
        Event(**common, kind="view", visitor=f"v{n}", session=f"s{n}", unique_id=f"ui_{recid}")
        for n in range(views)
    ]
    if downloads:
        key, entry = next(iter(record.files.entries.items()))
        name = f"{record.files.bucket_id}_{entry.file.file_id}"
        found += [
            Event(
                **(common | {"kind": "download", "unique_id": name, "file_key": key, "size": 5}),
                **{"visitor": f"v{n}", "session": f"s{n}"},
            )
            for n in range(downloads)
        ]
        assert file_number(name)
    return found


def fill(people: dict) -> SimpleNamespace:
    """Make public and restricted communities and records, used more the more hidden they are."""
    wipe()
    owner, uploader = people["owner"], people["uploader"]
    public = content.create_community(owner)
    hidden = content.create_community(owner, "restricted")
    child = content.create_community(owner)
    content.update_community(public, children={"allow": True})
    content.update_community(child, parent={"id": public})
    recids = [
        content.publish(uploader, {f"{n}.pdf": b"12345"}, title=f"Record {n}") for n in range(4)
    ]
    secret = content.publish_restricted(uploader, {"secret.pdf": b"12345"})
    for community, some in ((public, recids[:3]), (hidden, [*recids, secret]), (child, recids[:1])):
        for recid in some:
            record_communities.bulk_add(system_identity, community, [recid], set_default=False)
    events = [event for n, recid in enumerate(recids) for event in use(recid, n + 1, n)]
    index_events([*events, *use(secret, 9, 2)])
    content.refresh_all()
    aggregate()
    return SimpleNamespace(public=public, hidden=hidden, child=child, recids=recids, secret=secret)
