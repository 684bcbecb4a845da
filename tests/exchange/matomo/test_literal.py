# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The addresses that programs have in them work, whichever way they are sent."""

from urllib.parse import quote

from .tracking import IMAGE, LITERAL, bulk, client, outcomes, report, stored

REQUESTS = {"User-Agent": "python-requests/2.32.3"}
FIELDS = ("recid", "parent_recid", "resolved", "consumer", "consumer_version", "url")


def told(document: dict) -> list:
    """Return what matters of a document."""
    return [document.get(name) for name in FIELDS]


def test_the_literal_address_counts_although_its_end_is_lost(door, downloaded):
    address = LITERAL.format(doi="10.5555/model.1", consumer="ilastik", version="1.4.0")
    sent = address.partition("#")[0]
    answer = client(door).get(sent, headers=REQUESTS)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, IMAGE, "image/gif")
    (document,) = stored(1)
    assert told(document) == [
        downloaded.first,
        downloaded.parent,
        True,
        "python-requests",
        "2.32.3",
        "doi.org/10.5555/model.1",
    ]
    assert document["is_machine"] and not document["is_robot"]
    assert outcomes() == {"received": 1, "stored": 1}


def test_the_encoded_address_names_its_program(door, downloaded):
    path, _, query = LITERAL.partition("?")
    address = query.format(doi="10.5555/MODEL", consumer="ilastik", version="1.4.0")
    pairs = (pair.partition("=") for pair in address.split("&"))
    encoded = "&".join(f"{name}={quote(value, safe='')}" for name, _, value in pairs)
    assert client(door).get(f"{path}?{encoded}", headers=REQUESTS).status_code == 200
    (document,) = stored(1)
    assert told(document) == [
        None,
        downloaded.parent,
        True,
        "ilastik",
        "1.4.0",
        "doi.org/10.5555/model",
    ]
    assert "record_id" not in document and document["parent_id"]


def test_what_is_unknown_is_answered_and_not_resolved(door):
    assert report(door, download="https://doi.org/10.5281/zenodo.404").data == IMAGE
    (document,) = stored(1)
    assert told(document)[:3] == [None, None, False]


def test_several_at_once(door, downloaded):
    hit = "?idsite=1&rec=1&download=https://doi.org/10.5555/model.2"
    told_so = {"idsite": 1, "rec": 1, "url": "http://localhost/", "action_name": "Home"}
    answer = bulk(door, [hit, told_so, "?idsite=99&rec=1", {"idsite": "1", "cid": "abc", "rec": 1}])
    assert answer.text == '{"status":"success","tracked":2,"invalid":2}'
    assert answer.mimetype == "application/json"
    assert sorted(one["action"] for one in stored(1)) == ["download", "page"]
    assert outcomes() == {"received": 4, "stored": 2, "site": 1, "visitor": 1}
