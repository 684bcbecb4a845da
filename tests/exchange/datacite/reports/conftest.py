# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A library with datasets that have DOIs, and others of which nobody may be told."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from invenio_usage_stats.exchange.datacite.hub import sending

from .... import content
from ....resources.conftest import Reader
from . import loopback
from .counted import forget_months, give_doi, usage, write_months
from .delivering import TOKEN
from .loopback import LoopbackHub, token

AUTHOR = {"type": "personal", "family_name": "Silva", "given_name": "Eva"}
SETTINGS = {
    "USAGE_STATS_COUNTER": True,
    "USAGE_STATS_COUNTER_PLATFORM": "A library",
    "USAGE_STATS_COUNTER_CLIENT_ID": "test.library",
}


@dataclass(frozen=True)
class Library:
    """Be what there is: records by name, and the parent of the dataset with two versions."""

    records: dict[str, str]
    parent: str


@pytest.fixture(scope="module")
def library(app, people) -> Library:
    """Return a library: a dataset in two versions, an article, a secret, and one without DOI."""
    owner = people["owner"]
    first = content.publish(owner, title="Ice cores", version="1.0")
    made = {
        "first": first,
        "second": content.new_version(owner, first),
        "article": content.publish(
            owner, title="An article", resource_type={"id": "article"}, publication_date="2019"
        ),
        "secret": content.publish_restricted(owner, {"a.txt": b"secret"}),
        "nameless": content.publish(owner, title="Without DOI"),
    }
    parent = give_doi(first, "10.5072/ICE.1", "10.5072/ice")
    for name in ("second", "article", "secret"):
        give_doi(made[name], f"10.5072/{name}", "10.5072/ice" if name == "second" else "")
    content.refresh_all()
    return Library(made, parent)


@pytest.fixture(autouse=True)
def counting(app, api, monkeypatch) -> Iterator[None]:
    """Switch counting on, with nothing counted yet."""
    for one in (app, api):
        for name, value in SETTINGS.items():
            monkeypatch.setitem(one.config, name, value)
    forget_months()
    yield
    forget_months()


@pytest.fixture
def counted(library) -> Library:
    """Return the library with two months of use; the second one is not closed."""
    ids = library.records
    german = {"DE": 3, "FR": 1}
    months = [
        ("record", usage("2026-01", ids["first"], (5, 4, 2, 1), (3, 1, 3, 1), (2_500_000, 30))),
        (
            "record",
            usage(
                "2026-02",
                ids["first"],
                (7, 4, 0, 0),
                total_dataset_investigations_regular=german,
            ),
        ),
        ("record", usage("2026-02", ids["second"], (1, 1, 1, 1), volume=(10, 0))),
        ("parent", usage("2026-01", library.parent, (5, 4, 2, 1), (3, 1, 3, 1), (2_500_000, 30))),
        ("parent", usage("2026-02", library.parent, (8, 4, 1, 1), volume=(10, 0))),
    ]
    others = ("article", "secret", "nameless")
    months += [("record", usage("2026-01", ids[name], (9, 9, 9, 9))) for name in others]
    write_months(months, closed=["2026-01"])
    return library


@pytest.fixture
def visitor(app) -> Iterator[FlaskClient]:
    """Return a client of somebody who is not signed in."""
    with app.app_context():
        yield Reader(app, app.response_class)


@pytest.fixture
def hub(app, monkeypatch) -> Iterator[LoopbackHub]:
    """Return a hub that is configured, and does not keep anybody waiting."""
    with loopback.running() as running:
        settings = {"USAGE_STATS_COUNTER_HUB_URL": running.url, TOKEN: token()}
        settings["USAGE_STATS_COUNTER_SEND"] = True
        for name, value in settings.items():
            monkeypatch.setitem(app.config, name, value)
        monkeypatch.setattr(sending, "PAUSES", (0.01, 0.02, 0.03))
        yield running
