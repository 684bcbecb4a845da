# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the tests of tracking share: reporting as programs do, and what became of it."""

import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask.testing import FlaskClient
from invenio_db import db
from invenio_search import current_search_client
from kombu import Producer
from werkzeug.test import TestResponse

from invenio_usage_stats.exchange.matomo import counts
from invenio_usage_stats.exchange.matomo.consumers import ROWS as CONSUMERS
from invenio_usage_stats.exchange.matomo.sending import EAR, NAME
from invenio_usage_stats.exchange.matomo.sites import ROWS as SITES
from invenio_usage_stats.exchange.matomo.taking import Taken, process
from invenio_usage_stats.indices import REPORTED, full_name, refresh, scroll
from invenio_usage_stats.reader.periods import today

from ...content import BROWSER

TABLES = (counts.DAYS, counts.MESSAGES, CONSUMERS, SITES)
IMAGE = bytes.fromhex(
    "4749463839610100010080000000000000000021f90401000000002c00000000010001000002024401003b"
)
"""The 43 bytes with which Matomo answers."""
LITERAL = (
    "/matomo.php?download=https://doi.org/{doi}&idsite=1&rec=1&r=646242&h=13&m=35&s=20"
    '&url=http://bioimage.io/#/?id={doi}&uadata={{"brands":[{{"brand":"{consumer}",'
    '"version":"{version}"}}]}}'
)
"""The address of the documentation of BioImage.IO, as it stands there."""


def client(app) -> FlaskClient:
    """Return a client without cookies, as trackers are."""
    return app.test_client(use_cookies=False)


def report(app, method: str = "GET", path: str = "/matomo.php", **told: Any) -> TestResponse:
    """Report a hit, by default as a browser."""
    headers = {**BROWSER, **told.pop("headers", {})}
    values = {"idsite": 1, "rec": 1, **told}
    values = {name: value for name, value in values.items() if value is not None}
    if method == "POST":
        return client(app).post(path, data=values, headers=headers)
    return client(app).open(f"{path}?{urlencode(values)}", method=method, headers=headers)


def bulk(app, requests: list[Any], headers: dict[str, str] | None = None, **whole) -> TestResponse:
    """Report several hits at once."""
    sent = {"requests": requests, **whole}
    return client(app).post("/matomo.php", json=sent, headers={**BROWSER, **(headers or {})})


def stored(expected: int | None = None) -> list[dict[str, Any]]:
    """Store what waits, and return all documents by their times."""
    if expected is not None:
        until_waiting(expected)
    process()
    return documents()


def taken() -> Taken:
    """Store what waits, and return what was done."""
    return process()


def documents() -> list[dict[str, Any]]:
    """Return all documents by their times."""
    index = full_name(REPORTED)
    refresh(index)
    found = [hit["_source"] for hit in scroll(index, {"match_all": {}})]
    return sorted(found, key=lambda document: (document["timestamp"], document["url"]))


def outcomes() -> Counter[str]:
    """Return what became of everything that came today."""
    found = counts.total(counts.between(today(), today()))
    return +Counter({**found.pop("rejected"), **found})


def until_waiting(requests: int) -> None:
    """Wait until so many requests wait: RabbitMQ counts a little late."""
    end = time.monotonic() + 10
    while (found := EAR.look().waiting) != requests:
        assert time.monotonic() < end, found
        time.sleep(0.1)


def deliver(body: str | bytes) -> None:
    """Let a message wait in the queue."""
    with EAR.connected() as channel:
        kind = {"content_type": "application/json", "content_encoding": "utf-8"}
        Producer(channel, auto_declare=False).publish(body, routing_key=NAME, **kind)


def forget() -> None:
    """Delete everything that was reported, and what waits."""
    EAR.declare()
    with EAR.connected() as channel:
        EAR.queue()(channel).purge()
    forget_documents()


def forget_documents() -> None:
    """Delete everything that is stored."""
    with db.engine.begin() as connection:
        for table in TABLES:
            connection.execute(sa.delete(table))
    index = f"{full_name(REPORTED)}-*"
    current_search_client.indices.delete(index=index, ignore=[404])
