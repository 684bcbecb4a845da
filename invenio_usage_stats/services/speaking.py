# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The language of answers."""

from collections.abc import Callable
from typing import TypeVar

from invenio_i18n import force_locale

from .question import Question

R = TypeVar("R")


def spoken(find: Callable[[Question], R], question: Question) -> R:
    """Return an answer with all its texts in the language that is asked for."""
    with force_locale(question.locale):
        return find(question)
