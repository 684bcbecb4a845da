# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is reported can be read by the addresses of the same documentation."""

from ...conftest import browsing
from .tracking import client, report, stored

READ = "/?module=API&method={}&idSite=1&format=JSON&token_auth=anonymous"
PERIOD = "&period=day&date=today"


def read(app, method: str, more: str):
    """Return what is answered."""
    with browsing(app) as reader:
        response = reader.get(READ.format(method) + more)
    assert response.status_code == 200
    return response.json


def test_downloads_are_read_as_they_were_reported(door, downloaded):
    for doi, times in (("10.5555/model.1", 2), ("10.5555/MODEL", 1), ("10.5555/nothing", 1)):
        for _ in range(times):
            assert report(door, download=f"https://doi.org/{doi}").status_code == 200
    hidden = "https://doi.org/10.5555/Hidden.One"
    assert report(door, download=hidden).status_code == 200
    stored(5)
    (host,) = read(door, "Actions.getDownloads", f"{PERIOD}&expanded=1")
    assert (host["label"], host["nb_hits"]) == ("doi.org", 3)
    rows = {row["label"]: (row["nb_hits"], row["nb_visits"]) for row in host["subtable"]}
    assert rows == {"/10.5555/model.1": (2, 1), "/10.5555/model": (1, 1)}
    (row,) = read(
        door, "Actions.getDownload", f"{PERIOD}&downloadUrl=https://doi.org/10.5555/model"
    )
    assert row["nb_hits"] == 1
    assert read(door, "Actions.getDownload", f"{PERIOD}&downloadUrl={hidden}") == []
    (counted,) = read(door, "Live.getCounters", "&lastMinutes=30")
    assert counted == {"visits": 1, "actions": 3, "visitors": 1, "visitsConverted": 0}


def test_secrets_in_addresses_are_not_told(door, downloaded):
    url = f"http://localhost/records/{downloaded.first}/files/data set.csv?download=1&token=secret"
    assert (
        client(door).post("/matomo.php", data={"idsite": 1, "rec": 1, "download": url}).status_code
        == 200
    )
    stored(1)
    answer = read(door, "Actions.getDownloads", f"{PERIOD}&flat=1")
    assert len(answer) == 1
    assert "secret" not in str(answer)
