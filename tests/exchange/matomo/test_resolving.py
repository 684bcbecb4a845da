# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which records are meant by DOIs and by addresses of this repository."""

import pytest

from invenio_usage_stats.exchange.matomo.resolving import resolved
from invenio_usage_stats.exchange.matomo.urls import doi_of, normalised

FORMS = (
    "https://doi.org/10.5555/model.1",
    "http://dx.doi.org/10.5555/MODEL.1",
    "https://www.doi.org/10.5555%2Fmodel.1?a=b#c",
    "doi:10.5555/Model.1",
    "DOI: 10.5555/model.1",
    " 10.5555/model.1 ",
)


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_a_doi(form):
    assert normalised(form) == "doi.org/10.5555/model.1"
    assert doi_of("doi.org/10.5555/model.1") == "10.5555/model.1"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("HTTPS://User:Word@Example.ORG:8080/A%20b?C=d#e", "example.org:8080/A%20b?C=d"),
        ("http://[::1]/a", "[::1]/a"),
        ("https://a.org/f?token=x&download=1&Token=y", "a.org/f?download=1"),
        ("https://a.org/f?download=1&token=x", "a.org/f?download=1"),
        ("https://a.org/f?token=x", "a.org/f"),
        ("http://a.org", "a.org"),
        ("https://doi.org/", "doi.org/"),
        ("10.5555", None),
        ("https://doi.org/10.5555/%00", None),
        ("http://localhost/records/a%00", None),
        ("http://", None),
        ("http://a b/", None),
        ("mailto:a@b.org", None),
    ],
)
def test_forms_of_addresses(text, expected):
    assert normalised(text) == expected


def test_what_addresses_mean(app, downloaded):
    """Files must be there, and what this repository does not know means nothing."""
    first, hidden, parent = downloaded.first, downloaded.hidden, downloaded.parent
    known = {
        "doi.org/10.5555/model.1": (first, parent, None),
        "doi.org/10.5555/model.2": (downloaded.second, parent, None),
        "doi.org/10.5555/model": (None, parent, None),
        "doi.org/10.5555/hidden.one": (hidden, None, None),
        f"localhost/records/{first}": (first, parent, None),
        f"localhost/records/{parent}": (None, parent, None),
        f"localhost/records/{first}/files/data%20set.csv?download=1": (
            first,
            parent,
            "data set.csv",
        ),
        f"localhost/api/records/{first}/files/data%20set.csv/content": (
            first,
            parent,
            "data set.csv",
        ),
        f"localhost/api/records/{first}/files-archive": (first, parent, None),
        f"localhost/records/{hidden}/files/secret.csv": (hidden, None, "secret.csv"),
    }
    unknown = {
        "doi.org/10.5555/none",
        f"localhost/records/{first}/files/other.csv",
        f"localhost/records/{first}/preview/data%20set.csv",
        "localhost/records/none/files/data%20set.csv",
        f"elsewhere.org/records/{first}",
        f"localhost.evil.org/records/{first}",
        "localhost/",
    }
    found = resolved({*known, *unknown})
    assert found.keys() == known.keys()
    for address, (recid, parent_recid, key) in known.items():
        thing = found[address]
        assert (thing.recid, thing.file_key) == (recid, key), address
        assert thing.parent_recid == parent_recid or parent_recid is None
        assert bool(thing.record_id) == bool(recid) and thing.parent_id
