# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Make the planned communities and records through the services of the repository.

Records are made by some processes side by side, each with its share of them (--part i/n).
Bulk additions, departures, edits and deletions follow when all records are there.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from . import files as bodies
from . import people, words
from . import plan as planning


def make_communities():
    """Communities, two of them with sub-communities, one restricted. Re-runnable."""
    from invenio_access.permissions import system_identity
    from invenio_communities.proxies import current_communities

    service = current_communities.service
    there = people.community_ids()
    owner = people.identity_of(words.USERS[0])
    for slug, title, type_, text, _, _, visibility in words.COMMUNITIES:
        if slug in there:
            continue
        item = service.create(
            owner,
            {
                "slug": slug,
                "access": {
                    "visibility": visibility,
                    "review_policy": "open",
                    "members_visibility": "public",
                },
                "metadata": {"title": title, "description": text, "type": {"id": type_}},
            },
        )
        there[slug] = item.id
    owner = people.identity_of(words.USERS[0], there.values())
    for slug, parent in planning.parents().items():
        record = service.record_cls.pid.resolve(there[slug])
        if record.parent:
            continue
        above = service.read(system_identity, there[parent]).data
        if not above.get("children", {}).get("allow"):
            above["children"] = {"allow": True}
            service.update(system_identity, there[parent], above)
        current_communities.subcommunity_service.join(
            owner, there[parent], {"community_id": there[slug]}
        )
    return there


def access_of(plan):
    """Return the access part of a record."""
    if plan.kind == "restricted":
        return {"record": "restricted", "files": "restricted"}
    if plan.kind == "embargoed":
        until = (datetime.now(UTC) + timedelta(days=120 + plan.key)).date().isoformat()
        return {
            "record": "public",
            "files": "restricted",
            "embargo": {"active": True, "until": until, "reason": "Demo"},
        }
    return {"record": "public", "files": "public"}


class Maker:
    """Makes records as planned."""

    def __init__(self):
        """Look up services, communities and identities."""
        from invenio_rdm_records.proxies import (
            current_rdm_records_service,
            current_record_communities_service,
        )

        self.records = current_rdm_records_service
        self.memberships = current_record_communities_service
        self.communities = people.community_ids()
        self.people = people.identities(self.communities.values())

    def upload(self, who, draft_id, version, plan, number):
        """Add the files of a version."""
        names = [name for name, _ in version.files]
        self.records.draft_files.init_files(who, draft_id, data=[{"key": name} for name in names])
        for name, size in version.files:
            stream = BytesIO(bodies.body(name, size, f"{planning.SEED}-{plan.key}-{number}"))
            self.records.draft_files.set_file_content(who, draft_id, name, stream)
            self.records.draft_files.commit_file(who, draft_id, name)

    def publish(self, who, draft_id, plan):
        """Publish, through a review where the plan says so."""
        review = [m for m in plan.memberships if m.mode == "review"]
        if not review:
            self.records.publish(who, draft_id)
            return
        receiver = {"community": self.communities[review[0].slug]}
        self.records.review.update(
            who, draft_id, {"type": "community-submission", "receiver": receiver}
        )
        self.records.review.submit(who, draft_id, require_review=False)

    def make(self, plan):
        """All versions of one record, and its additions on request."""
        who, made = self.people[plan.owner], []
        for number, version in enumerate(plan.versions):
            body = {
                "access": access_of(plan),
                "files": {"enabled": bool(version.files)},
                "metadata": version.metadata,
                "custom_fields": version.custom_fields,
            }
            if number == 0:
                draft = self.records.create(who, body)
            else:
                draft = self.records.new_version(who, made[-1])
                self.records.update_draft(who, draft.id, body)
            if version.files:
                self.upload(who, draft.id, version, plan, number)
            if number == 0:
                self.publish(who, draft.id, plan)
            else:
                self.records.publish(who, draft.id)
            made.append(draft.id)
        for member in plan.memberships:
            if member.mode == "include":
                data = {
                    "communities": [{"id": self.communities[member.slug], "require_review": False}]
                }
                _, errors = self.memberships.add(who, made[-1], data)
                if errors:
                    raise RuntimeError(
                        f"record {plan.key} was not added to {member.slug}: {errors}"
                    )
        return {"key": plan.key, "versions": made}

    def finish(self, plans, made):
        """Bulk additions, departures, edits, deletions and restorations."""
        from invenio_access.permissions import system_identity

        batches = {}
        for plan in plans:
            for member in plan.memberships:
                if member.mode == "bulk":
                    batches.setdefault(member.slug, []).append(made[plan.key]["versions"][-1])
        for slug, ids in batches.items():
            errors = self.memberships.bulk_add(system_identity, self.communities[slug], ids)
            if errors:
                raise RuntimeError(f"records were not added to {slug}: {errors}")
        for plan in plans:
            who, last = self.people[plan.owner], made[plan.key]["versions"][-1]
            for member in plan.memberships:
                if member.left is not None:
                    data = {"communities": [{"id": self.communities[member.slug]}]}
                    _, errors = self.memberships.remove(who, last, data)
                    if errors:
                        raise RuntimeError(
                            f"record {plan.key} did not leave {member.slug}: {errors}"
                        )
            if plan.edited is not None:
                draft = self.records.edit(who, last)
                data = draft.data
                data["metadata"]["subjects"] = [
                    *data["metadata"]["subjects"],
                    {"subject": "revised"},
                ]
                self.records.update_draft(who, last, data)
                self.records.publish(who, last)
            if plan.deleted is not None:
                tombstone = {
                    "removal_reason": {"id": plan.reason},
                    "note": "Part of the demonstration",
                }
                self.records.delete_record(system_identity, last, tombstone)
                if plan.restored is not None:
                    self.records.restore_record(system_identity, last)


def describe(plans, made):
    """Return what was made, with the planned moments, for the steps that follow."""
    from invenio_rdm_records.records.api import RDMRecord

    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)

    def at(age):
        return None if age is None else (end - timedelta(seconds=age)).isoformat()

    out = []
    for plan in plans:
        entry = {"key": plan.key, "kind": plan.kind, "versions": []}
        for version, recid in zip(plan.versions, made[plan.key]["versions"], strict=True):
            record = RDMRecord.pid.resolve(recid)
            stored = (
                [f.object_version for f in record.files.values()] if record.files.enabled else []
            )
            entry["parent"] = record.parent.pid.pid_value
            entry["parent_uuid"] = str(record.parent.id)
            entry["versions"].append(
                {
                    "recid": recid,
                    "uuid": str(record.id),
                    "published": at(version.published),
                    "files": [
                        {
                            "bucket_id": str(o.bucket_id),
                            "file_id": str(o.file_id),
                            "file_key": o.key,
                            "size": o.file.size,
                        }
                        for o in stored
                    ],
                }
            )
        entry["memberships"] = [
            {"slug": m.slug, "joined": at(m.joined), "left": at(m.left)} for m in plan.memberships
        ]
        entry.update(edited=at(plan.edited), deleted=at(plan.deleted), restored=at(plan.restored))
        out.append(entry)
    return {
        "end": end.isoformat(),
        "communities": people.community_ids(),
        "parents": planning.parents(),
        "records": out,
    }


def run_part(plans, part, out):
    """Make one share of the records; the result is a line of JSON per record."""
    index, count = map(int, part.split("/"))
    maker = Maker()
    with Path(out).open("a") as stream:
        done = {json.loads(line)["key"] for line in Path(out).read_text().splitlines()}
        for plan in plans:
            if plan.key % count == index and plan.key not in done:
                stream.write(json.dumps(maker.make(plan)) + "\n")
                stream.flush()


def run_all(plans, out, workers):
    """Communities first, then the records side by side, then what needs all of them."""
    begin = time.time()
    ids = make_communities()
    people.identities(ids.values())
    print(f"{time.time() - begin:6.1f} s  {len(ids)} communities", flush=True)
    parts = [(f"{n}/{workers}", f"{out}.part-{n}") for n in range(workers)]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "demo.content", "--out", path, "--part", part], env=os.environ
        )
        for part, path in parts
    ]
    if any(sorted(process.wait() for process in started)):
        sys.exit("a worker failed")
    made = {}
    for _, path in parts:
        for line in Path(path).read_text().splitlines():
            entry = json.loads(line)
            made[entry["key"]] = entry
    print(
        f"{time.time() - begin:6.1f} s  {sum(len(m['versions']) for m in made.values())} records",
        flush=True,
    )
    Maker().finish(plans, made)
    Path(out).write_text(json.dumps(describe(plans, made), indent=1))
    print(f"{time.time() - begin:6.1f} s  additions, departures, edits and deletions", flush=True)


def main():
    """Read the command line and make the content."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="made.json")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--records", type=int, default=planning.PARENTS)
    parser.add_argument("--part")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    from invenio_app.factory import create_app

    plans = planning.make(options.records)
    with create_app().app_context():
        if options.part:
            run_part(plans, options.part, options.out)
        else:
            run_all(plans, options.out, options.workers)


if __name__ == "__main__":
    main()
