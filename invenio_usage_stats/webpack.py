# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The assets bundle."""

from invenio_assets.webpack import WebpackThemeBundle

theme = WebpackThemeBundle(__name__, "assets", default="semantic-ui", themes={"semantic-ui": {}})
"""Scripts and styles of the dashboards."""
