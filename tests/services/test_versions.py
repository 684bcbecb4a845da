# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Versions of a work are told from each other."""

import pytest

from invenio_usage_stats.services import visible


@pytest.mark.parametrize(
    ("versions", "version", "label"),
    [
        ({"index": 1, "is_latest": True}, None, "Letters"),
        ({"index": 1, "is_latest": True}, "1.0", "Letters"),
        ({"index": 1, "is_latest": False}, None, "Letters (version 1)"),
        ({"index": 2, "is_latest": True}, None, "Letters (version 2)"),
        ({"index": 2, "is_latest": True}, "2.0.1", "Letters (version 2.0.1)"),
        ({"index": 2, "is_latest": True}, "v2", "Letters (version 2)"),
        ({"index": 2, "is_latest": True}, "vivid", "Letters (version vivid)"),
    ],
)
def test_a_version_is_named_where_there_are_several(app, versions, version, label):
    hit = {"id": "a", "metadata": {"title": "Letters", "version": version}, "versions": versions}
    with app.test_request_context():
        assert visible._version(hit).label == label
