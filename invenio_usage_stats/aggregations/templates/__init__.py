# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Index templates, in both shapes that a search engine knows."""

SHAPES = {False: f"{__name__}.legacy", True: f"{__name__}.composable"}
"""The package of templates, by the value of ``STATS_REGISTER_INDEX_TEMPLATES``."""
