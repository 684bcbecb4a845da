# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What was reported of a house with open and closed rooms."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from invenio_access.permissions import system_identity
from invenio_db import db
from invenio_oauth2server.models import Token
from invenio_rdm_records.proxies import current_rdm_records_service as records

from invenio_usage_stats.exchange.matomo.events import Report
from invenio_usage_stats.exchange.matomo.sites import number
from invenio_usage_stats.reader.periods import today

from ....conftest import browsing
from ....content import refresh_all
from ....resources.conftest import House, built
from ..tracking import forget
from .counted import PAGES, index_reports, random_visits

SWITCH = "USAGE_STATS_MATOMO"
Ask = Callable[..., Any]


@dataclass(frozen=True)
class Reported:
    """Be the events that were reported, and the numbers of the communities' sites."""

    events: list[Report]
    sites: dict[str, int]
    house: House

    def seen(self, *names: str) -> list[Report]:
        """Return the events about no record, or about some of the records."""
        known = [None, *(self.house.records[name] for name in names)]
        parents = [None, *(parent_of(recid) for recid in known[1:])]
        return [one for one in self.events if one.recid in known and one.parent_recid in parents]


def parent_of(recid: str) -> str:
    """Return the id of all versions of a record."""
    return records.read(system_identity, recid)._record.parent.pid.pid_value


@pytest.fixture(scope="module")
def opened(app) -> Iterator[None]:
    """Open the door."""
    app.config[SWITCH] = True
    yield
    app.config[SWITCH] = False


@pytest.fixture(scope="session")
def house(app) -> House:
    """Return a house for all tests here; how it was used in the repository does not matter."""
    found = built(app)
    for recid in found.records.values():  # joining a community left them as they were
        records.indexer.index(records.record_cls.pid.resolve(recid))
    refresh_all()
    return found


@pytest.fixture(scope="module")
def reported(app, opened, house) -> Iterator[Reported]:
    """Return what was reported of the house in a year up to today."""
    forget()
    sites = {name: number(id_) for name, id_ in house.communities.items()}
    days = [today() - timedelta(days=ago) for ago in (0, 1, 2, 6, 7, 8, 29, 31, 62, 200, 366)]
    events = random_visits(7, days, things(house), [1, 1, 1, *sites.values()])
    index_reports(events)
    yield Reported(events, sites, house)
    forget()


def things(house: House) -> list[dict]:
    """Return what can be reported."""
    found: list[dict] = [{"action": "page", "url": url} for url in PAGES]
    found.append({"action": "download", "url": "doi.org/10.9999/elsewhere", "resolved": False})
    found.append({"action": "outlink", "url": "elsewhere.example/x"})
    found.append({"action": "search", "url": "bioimage.io/", "label": "cells"})
    for name, recid in house.records.items():
        parent = {"parent_recid": parent_of(recid), "resolved": True, "action": "download"}
        found.append({"url": f"doi.org/10.5281/{name}", "recid": recid, **parent})
        found.append({"url": f"doi.org/10.5281/{name}-all", **parent})
        file = f"localhost/records/{recid}/files/a.pdf?download=1"
        found.append({"url": file, "recid": recid, "file_key": "a.pdf", **parent})
        page = {"action": "page", "url": f"localhost/records/{recid}", "recid": recid}
        found.append({**page, "parent_recid": parent["parent_recid"]})
    return found


@pytest.fixture(scope="session")
def tokens(app, house) -> dict[str, str]:
    """Return a personal access token of everybody."""
    found = {
        name: Token.create_personal(name, int(person.id), scopes=[]).access_token
        for name, person in house.people.items()
    }
    db.session.commit()
    return found


@pytest.fixture
def ask(app, opened) -> Iterator[Ask]:
    """Return a function that asks one question and returns the answer in JSON."""
    with browsing(app) as client:

        def asking(method: str, status: int = 200, **asked: Any) -> Any:
            query = {"module": "API", "method": method, "format": "JSON", "idSite": 1, **asked}
            response = client.get("/", query_string=query)
            assert response.status_code == status, response.text
            return response.json

        yield asking
