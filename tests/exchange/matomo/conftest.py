# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A repository that takes what programs report, with records that they download."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from invenio_db import db
from invenio_pidstore.models import PersistentIdentifier, PIDStatus
from invenio_rdm_records.proxies import current_rdm_records_service as records

from invenio_usage_stats.exchange import ear
from invenio_usage_stats.exchange.matomo.sending import EAR

from ... import content
from ..datacite.counted import give_doi
from .tracking import forget

SETTINGS = {"USAGE_STATS_MATOMO": True, "USAGE_STATS_MATOMO_RATE_LIMIT": ""}


@pytest.fixture(scope="module")
def reporting(app, api) -> Iterator[None]:
    """Open the door, and begin and end with nothing; an empty queue is soon found empty."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ear, "QUIET", 0.1)
        for one in (app, api):
            for name, value in SETTINGS.items():
                patch.setitem(one.config, name, value)
        forget()
        yield
        forget()
        EAR.remove()


@pytest.fixture
def door(app, reporting) -> Iterator:
    """Return the application with an open door, behind which nothing waits or is stored."""
    yield app
    forget()


@dataclass(frozen=True)
class Downloaded:
    """Be the records: two versions with a DOI in common, and one that few may read."""

    first: str
    second: str
    parent: str
    hidden: str


@pytest.fixture(scope="session")
def downloaded(app, people) -> Downloaded:
    """Return records with DOIs: those of the first two stand in the registry, as published ones."""
    owner = people["owner"]
    first = content.publish(owner, {"data set.csv": b"1,2"}, title="Model")
    second = content.new_version(owner, first)
    hidden = content.publish_restricted(owner, {"secret.csv": b"3"})
    parent = ""
    for recid, name in ((first, "model.1"), (second, "model.2")):
        parent = give_doi(recid, f"10.5555/{name}", "10.5555/model")
        register(f"10.5555/{name}", records.record_cls.pid.resolve(recid).id)
    register("10.5555/model", records.record_cls.pid.resolve(first).parent.id)
    give_doi(hidden, "10.5555/Hidden.One")
    return Downloaded(first, second, parent, hidden)


def register(doi: str, uuid) -> None:
    """Register a DOI of a record or parent, as publishing does."""
    of = {"object_type": "rec", "object_uuid": uuid, "status": PIDStatus.REGISTERED}
    PersistentIdentifier.create("doi", doi, **of)
    db.session.commit()
