# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Rankings of what has a page of its own: records, their files, communities, uploaders.

Only what the reader may see is listed, whatever else would rank before it; so there are as many
rows as were asked for, and none of them tells of anything hidden.
"""

from collections.abc import Callable

from .question import Question
from .results import Top

LISTS: dict[str, Callable[[Question], Top]] = {}
