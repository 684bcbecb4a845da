# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Proxies."""

from flask import current_app
from werkzeug.local import LocalProxy

EXTENSION = "invenio-usage-stats"

current_usage_stats = LocalProxy(lambda: current_app.extensions[EXTENSION])
"""The extension of the current application."""
