# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The description of the API (OpenAPI 3.1), made from what the API is made of."""

from .document import document

__all__ = ("document",)
