# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Nothing is told to others by a repository that does not count by the standard."""

import pytest

ADDRESSES = ("/api/events", "/api/dois", "/api/dois/10.1234/first", "/api/records/abc/usage")


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_counting_there_are_no_such_addresses(app, client, address):
    assert app.config["USAGE_STATS_COUNTER"] is False
    assert client.get(address).status_code == 404
