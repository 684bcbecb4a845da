# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""DataCite's own samples: its page of events, and its DOI, come out as they stand there.

The page tells of 182 events and shows 25 of them; the other 157 are made so that all numbers
beside the page are those of the sample. The sample of a DOI is of another day, so it is loaded
on its own.
"""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from invenio_usage_stats.exchange.datacite.dialects import event_item, hyphens, named
from invenio_usage_stats.exchange.datacite.events import Event, moment
from invenio_usage_stats.exchange.datacite.facets import facets
from invenio_usage_stats.exchange.datacite.filters import Asked
from invenio_usage_stats.exchange.datacite.paging import cut

from ... import content
from .counted import count, forget, give_doi, use, write

FIXTURES = Path(__file__).parent / "fixtures"
PAGE = json.loads((FIXTURES / "events.json").read_text())
SAMPLE = json.loads((FIXTURES / "doi.json").read_text())
DOI = "10.7272/q6rx997g"
TITLE = "DataCite Usage Stats"
REGISTRANT = "datacite.cdl.ucsf"
MONTHS = [f"{year}-{month:02}" for year in range(2018, 2022) for month in range(1, 13)][3:45]
"""April 2018 to September 2021: 42 months with investigations by people."""
NO_REQUESTS = {
    *("2018-11", "2019-09", "2020-04", "2020-05", "2020-07", "2020-08"),
    "2021-07",
}
MACHINES = {
    *("2018-06", "2018-08", "2018-09", "2019-02", "2019-03", "2019-05", "2019-08"),
    *("2020-05", "2020-07", "2020-10", "2021-02", "2021-05", "2021-08"),
}
MACHINE_REQUESTS = {"2019-08"}
KNOWN = {
    (one["attributes"]["subj-id"], one["attributes"]["relation-type-id"]): one["id"]
    for one in PAGE["data"]
}
LATER = datetime(2020, 3, 8)
"""When the months were counted of which nothing stands on the page."""
SETTINGS = {
    "USAGE_STATS_COUNTER_SOURCE_ID": "datacite-usage",
    "USAGE_STATS_COUNTER_SOURCE_TITLE": TITLE,
    "DATACITE_PREFIX": "10.7272",
    "DATACITE_USERNAME": "CDL.UCSF",
}


def of_page() -> dict[tuple[str, str], int]:
    """Return the numbers on the page, by month and relation type."""
    found = {}
    for one in PAGE["data"]:
        attributes = one["attributes"]
        found[attributes["occurred-at"][:7], attributes["relation-type-id"]] = attributes["total"]
    return found


def numbers() -> dict[tuple[str, str], int]:
    """Return all 182 numbers, by month and relation type."""
    made = {}
    for place, month in enumerate(MONTHS, start=1):
        kinds = [("investigations", "regular", 20 + place)]
        if month not in NO_REQUESTS:
            kinds.append(("requests", "regular", 5 + place % 3))
        if month in MACHINES:
            kinds.append(("investigations", "machine", 1))
        if month in MACHINE_REQUESTS:
            kinds.append(("requests", "machine", 1))
        for kind, access, total in kinds:
            made[month, f"total-dataset-{kind}-{access}"] = total
            made[month, f"unique-dataset-{kind}-{access}"] = max(1, total - 4)
    known = of_page()
    assert set(known) < set(made)
    return {**made, **known}


class Loaded(Event):
    """Be an event of the page, with the id that it has there."""

    @property
    def id(self) -> str:
        return KNOWN[self.subj_id, self.relation_type_id]


def loaded(item: dict[str, Any]) -> Event:
    """Return an event of the page as we know it."""
    told = item["attributes"]
    return Loaded(
        subj_id=told["subj-id"],
        obj_id=told["obj-id"],
        source_id=told["source-id"],
        relation_type_id=told["relation-type-id"],
        total=told["total"],
        month=told["occurred-at"][:7],
        updated=told["timestamp"],
        doi=DOI,
        registrant=REGISTRANT,
    )


def made(month: str, relation: str, total: int, number: int) -> Event:
    """Return an event that is not on the page."""
    at = moment(LATER + timedelta(minutes=number))
    obj = f"https://doi.org/{DOI}"
    return Event(
        "report", obj, "datacite-usage", relation, total, month, at, DOI,
        registrant=REGISTRANT,
    )  # fmt: skip


def all_events() -> list[Event]:
    """Return all 182 events, in disorder."""
    shown, rest = [loaded(item) for item in PAGE["data"]], numbers()
    for key in of_page():
        del rest[key]
    found = [*shown, *(made(*key, total, n) for n, (key, total) in enumerate(rest.items()))]
    random.Random(7).shuffle(found)
    return found


def without_token(item: dict[str, Any]) -> dict[str, Any]:
    """Return an event without the token of its source, which each source makes for itself."""
    attributes = {k: v for k, v in item["attributes"].items() if k != "source-token"}
    return {**item, "attributes": attributes}


def test_the_events_of_the_sample_come_out_in_its_order_as_page_1_of_8(app):
    events, asked = all_events(), Asked()
    assert len(events) == 182
    page = cut(events, asked.place, asked.key)
    told = named([event_item(event) for event in page.entries], hyphens)
    assert [without_token(one) for one in told] == [without_token(one) for one in PAGE["data"]]
    assert named({**page.meta, **facets(events, TITLE)}, hyphens) == PAGE["meta"]
    assert page.following == {"page[number]": "2", "page[size]": "25"}


@pytest.fixture
def dryad(app, api, counting, people, monkeypatch) -> tuple[str, str]:
    """Return the record of the sample and its parent, in a repository that is named like it."""
    for one in (app, api):
        for name, value in SETTINGS.items():
            monkeypatch.setitem(one.config, name, value)
    forget()
    recid = content.publish(people["owner"], publication_date="2017-10-02", publisher="Dryad")
    yield recid, give_doi(recid, DOI.upper())
    content.delete(recid)
    content.refresh_all()
    forget()


def counted_at() -> dict[str, datetime]:
    """Return when each month was counted: those of the page when its first event says it."""
    later = {month: LATER + timedelta(hours=n) for n, month in enumerate(MONTHS)}
    for item in reversed(PAGE["data"]):
        told = item["attributes"]
        at = datetime.fromisoformat(told["timestamp"]).replace(tzinfo=None)
        later[told["occurred-at"][:7]] = at
    return later


def load(recid: str, parent: str) -> None:
    """Count the months of the page."""
    months: dict[str, dict[str, int]] = {}
    for (month, relation), total in numbers().items():
        months.setdefault(month, {})[relation.replace("-", "_")] = total
    usages = [use(month, recid, parent, **counts) for month, counts in months.items()]
    write({"record": usages})
    count(counted_at())


def what(items: list[dict[str, Any]]) -> dict[str, set[tuple]]:
    """Return what a page says of each month, in the order of months on the page."""
    found: dict[str, set[tuple]] = {}
    for item in items:
        told = item["attributes"]
        number = told["relation-type-id"], told["total"], told["obj-id"], told["source-id"]
        found.setdefault(told["occurred-at"], set()).add(number)
    return found


def test_months_counted_here_make_the_page_of_the_sample(client, dryad):
    load(*dryad)
    response = client.get(f"/api/events?source-id=datacite-usage&doi={DOI}")
    assert response.status_code == 200, response.json
    expected, found = what(PAGE["data"]), what(response.json["data"])
    assert list(found) == list(expected)
    assert found == expected
    assert response.json["meta"] == PAGE["meta"]
    ours = {
        name: link.replace("https://api.datacite.org", "http://localhost/api")
        for name, link in PAGE["links"].items()
    }
    assert response.json["links"] == ours


def test_the_sample_of_a_doi_comes_out(client, dryad):
    recid, parent = dryad
    months: dict[str, dict[str, int]] = {}
    for name, number in (
        ("viewsOverTime", "unique_dataset_investigations_regular"),
        ("downloadsOverTime", "unique_dataset_requests_regular"),
    ):
        for one in SAMPLE[name]:
            months.setdefault(one["yearMonth"], {})[number] = one["total"]
    write({"record": [use(month, recid, parent, **counts) for month, counts in months.items()]})
    count(dict.fromkeys(months, LATER))
    attributes = client.get(f"/api/dois/{DOI}").json["data"]["attributes"]
    for name in ("viewCount", "viewsOverTime", "downloadCount", "downloadsOverTime"):
        assert attributes[name] == SAMPLE[name], name
    assert (len(attributes["viewsOverTime"]), len(attributes["downloadsOverTime"])) == (33, 27)
    assert (attributes["viewCount"], attributes["downloadCount"]) == (730, 91)
    for name in ("doi", "prefix", "suffix", "publisher", "publicationYear"):
        assert attributes[name] == SAMPLE[name], name
    assert not [name for name in attributes if "citation" in name.lower()]
