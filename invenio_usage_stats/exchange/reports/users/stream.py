# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The ear that hears for use by user."""

from ...ear import KINDS, Ear

NAME = "usage-stats-users"
EAR = Ear(NAME, frozenset(KINDS))
