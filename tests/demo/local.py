# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A random history of records and communities that the tests' instance has, and how to ask it."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask.testing import FlaskClient
from invenio_rdm_records.proxies import current_rdm_records_service as records

from .. import content
from ..oracle.random_history import random_world
from ..oracle.world import GLOBAL, History, Record, World, histories
from .repository import Address

REFERRERS = ("https://search.example/?q=x", "https://www.example.org/a", None)
"""Instead of the malformed ones, which other tests have."""


@dataclass
class Response:
    """Be an answer as those that ask the demo read it."""

    status: int
    headers: Any
    data: bytes

    def json(self) -> Any:
        """Return the answer's content."""
        return json.loads(self.data)


class Local:
    """Ask the tests' instance as a pool of connections asks the demo."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def request(self, method: str, path: str, fields: Any = (), **given: Any) -> Response:
        """Return the answer of a request."""
        given.pop("timeout", None)
        found = self.client.open(
            path, method=method, query_string=urlencode(list(fields)), buffered=True, **given
        )
        return Response(found.status_code, found.headers, found.data)


def address() -> Address:
    """Return where the tests' instance stores everything."""
    config = current_app.config
    host = config["SEARCH_HOSTS"][0]
    return Address(
        "",
        f"http://{host['host']}:{host['port']}",
        config["SEARCH_INDEX_PREFIX"],
        config["SQLALCHEMY_DATABASE_URI"],
    )


def living_world(people: dict[str, content.Person], seed: int, start: date, days: int) -> World:
    """Return a random history whose records, works and communities the repository has."""
    world = random_world(seed, operations=90, records=20, days=days, start=start, events=1_500)
    scopes = [scope for scope in world.scopes() if scope != GLOBAL]
    names = {scope: content.create_community(people["owner"]) for scope in scopes}
    for parent in sorted({record.parent for record in world.records.values()}):
        names |= _publish(people["uploader"], world, parent)
    content.refresh_all()
    return _renamed(world, names)


def _publish(person: content.Person, world: World, parent: str) -> dict[str, str]:
    """Publish the versions of a work as they are in the end; return the ids of all."""
    ends, names, last = histories(world), {}, None
    for name in (name for name, record in world.records.items() if record.parent == parent):
        draft = records.new_version(person.identity, last) if last else content.create_draft(person)
        access = "restricted" if ends[name].latest_facts()["restricted"] else "public"
        data = content.metadata() | {"access": {"record": access, "files": access}}
        records.update_draft(person.identity, draft.id, data)
        item = records.publish(person.identity, draft.id)
        last = names[name] = item.id
        names[parent] = item.data["parent"]["id"]
    for name in names.keys() & ends.keys():
        if _is_gone(ends[name]):
            content.delete(names[name])
    return names


def _is_gone(history: History) -> bool:
    """Tell whether a record was deleted at last."""
    turns = [o.kind for o in history.operations if o.kind in ("deleted", "restored")]
    return turns[-1:] == ["deleted"]


def _renamed(world: World, names: dict[str, str]) -> World:
    """Return a history with other ids; what nobody knows keeps its own."""
    known = {GLOBAL: GLOBAL, **names}
    return World(
        {names[id_]: Record(names[r.parent], r.created) for id_, r in world.records.items()},
        [replace(o, record=names[o.record], scope=known[o.scope]) for o in world.operations],
        [
            replace(
                event,
                record=names.get(event.record, event.record),
                parent=names.get(event.parent, event.parent),
                referrer=REFERRERS[n % len(REFERRERS)],
            )
            for n, event in enumerate(world.events)
        ],
    )
