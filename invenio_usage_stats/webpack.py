# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The assets bundle."""

from invenio_assets.webpack import WebpackThemeBundle

theme = WebpackThemeBundle(
    __name__,
    "assets",
    default="semantic-ui",
    themes={
        "semantic-ui": {
            "entry": {
                "invenio-usage-stats-dashboard": "./js/invenio_usage_stats/index.js",
                "invenio-usage-stats-dashboard-theme": "./less/invenio_usage_stats/theme.less",
                "invenio-usage-stats-card": "./js/invenio_usage_stats/recordCard.js",
                "invenio-usage-stats-card-theme": "./less/invenio_usage_stats/compact.less",
                "invenio-usage-stats-embed-theme": "./less/invenio_usage_stats/embed.less",
            },
            "dependencies": {
                "i18next": "^20.3.0",
                "i18next-browser-languagedetector": "^6.1.0",
                "prop-types": "^15.7.2",
                "react": "^16.13.0",
                "react-dom": "^16.13.0",
                "react-overridable": "^1.0.0",
            },
            "aliases": {
                "@js/invenio_usage_stats": "js/invenio_usage_stats",
                "@translations/invenio_usage_stats": "translations/invenio_usage_stats",
            },
        },
    },
)
"""Scripts and styles of the dashboards."""
