# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository that counts by the Code of Practice, with records of which some may be told."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from invenio_rdm_records.proxies import current_rdm_records_service as records

from ... import content
from .counted import AT, count, forget, give_doi, seen, write

SETTINGS = {
    "USAGE_STATS_COUNTER": True,
    "DATACITE_PREFIX": "10.1234",
    "DATACITE_USERNAME": "ORG.REPO",
}
MONTHS = ("2025-11", "2025-12", "2026-01")
CONCEPT = "10.1234/concept"
HIDDEN = ("restricted", "deleted", "embargoed", "plain")
"""Records that are never told to others."""
OURS = {"query": "pids.doi.identifier:10.1234*"}
"""What a list is asked for: no records that other tests have published."""


@pytest.fixture(scope="module")
def counting(app, api) -> Iterator[None]:
    """Switch counting on, from nothing."""
    before = [{name: one.config.get(name) for name in SETTINGS} for one in (app, api)]
    for one in (app, api):
        one.config.update(SETTINGS)
    forget()
    yield
    forget()
    for one, values in zip((app, api), before, strict=True):
        one.config.update(values)


@dataclass(frozen=True)
class Shelf:
    """Be the records by name, and their parents."""

    records: dict[str, str]
    parents: dict[str, str]


@pytest.fixture(scope="session")
def stock(app, people) -> Shelf:
    """Return records of all kinds.

    ``first`` and ``second`` are versions with a DOI in common; ``second`` is the newer one.
    """
    owner = people["owner"]
    made = {"first": content.publish(owner, title="Measurements", publication_date="2019-02-03")}
    made["second"] = content.new_version(owner, made["first"])
    made["other"] = content.publish(owner, title="Other data", publication_date="2024")
    made["plain"] = content.publish(owner, title="Without a DOI")
    for name in ("restricted", "deleted", "embargoed"):
        made[name] = content.publish(owner, title=name.title())
    _hide(owner, made)
    parents = {
        name: give_doi(recid, f"10.1234/{name.upper()}") if name != "plain" else _parent(recid)
        for name, recid in made.items()
        if name not in ("first", "second")
    }
    for name in ("first", "second"):
        parents[name] = give_doi(made[name], f"10.1234/{name}", CONCEPT)
    return Shelf(made, parents)


@pytest.fixture(scope="module")
def shelf(counting, stock) -> Shelf:
    """Return the records, all of them used in the same months."""
    _use(stock.records, stock.parents)
    return stock


def _parent(recid: str) -> str:
    """Return the id of a record's parent."""
    return records.record_cls.pid.resolve(recid).parent.pid.pid_value


def _hide(owner: content.Person, made: dict[str, str]) -> None:
    """Take records from the public in different ways."""
    content.delete(made["deleted"])
    restricted = {"record": "restricted", "files": "restricted"}
    embargo = {"active": True, "until": "2999-01-01", "reason": ""}
    for name, access in (
        ("restricted", restricted),
        ("embargoed", {**restricted, "embargo": embargo}),
    ):
        draft = records.edit(owner.identity, made[name])
        records.update_draft(owner.identity, made[name], {**draft.data, "access": access})
        records.publish(owner.identity, made[name])
    content.refresh_all()


def _use(made: dict[str, str], parents: dict[str, str]) -> None:
    """Let each record be viewed 1, 2 and 3 times, and downloaded once in the last month."""
    own, whole = [], {}
    for name, recid in made.items():
        for number, month in enumerate(MONTHS, start=1):
            downloads = int(number == len(MONTHS))
            own.append(seen(month, recid, parents[name], number, downloads))
            # somebody has seen both versions in one session
            both = 2 * number - 1 if name == "second" else number
            whole[parents[name], month] = seen(month, parents[name], parents[name], both, downloads)
    write({"record": own, "parent": whole.values()})
    count(dict.fromkeys(MONTHS, AT))
