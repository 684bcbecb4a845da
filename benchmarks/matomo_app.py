# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The repository to which ``matomo.py`` reports, for a web server."""

import os
from tempfile import mkdtemp

from engine_app import application_on

NAME = "USAGE_STATS_BENCHMARK"
"""The variable that holds the name of the repository."""
SETTINGS = {
    "USAGE_STATS_MATOMO": True,
    "USAGE_STATS_MATOMO_RATE_LIMIT": "100000000 per minute",
    "TRUSTED_HOSTS": ["localhost", "127.0.0.1"],
    "RATELIMIT_GUEST_USER": "1000000 per hour",
    "APP_DEFAULT_SECURE_HEADERS": {"force_https": False, "content_security_policy": {}},
}

if NAME in os.environ:
    application = application_on(os.environ[NAME], mkdtemp(), **SETTINGS)
