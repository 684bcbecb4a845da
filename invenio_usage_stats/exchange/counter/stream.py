# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The ear that hears for counting by the Code of Practice."""

from ..ear import Ear
from .events import KEYS

NAME = "usage-stats-counter"
EAR = Ear(NAME, frozenset(KEYS))
