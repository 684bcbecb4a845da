# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The one table of metrics and dimensions."""

from .base import Dimension, Metric
from .dimensions import DIMENSIONS
from .metrics import METRICS
from .registry import Catalog, added_dimensions

__all__ = ("DIMENSIONS", "METRICS", "Catalog", "Dimension", "Metric", "added_dimensions")
