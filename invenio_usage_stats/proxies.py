# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Proxies."""

from flask import current_app
from werkzeug.local import LocalProxy

current_usage_stats = LocalProxy(lambda: current_app.extensions["invenio-usage-stats"])
"""The extension of the current application."""
