# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Answers as JSON, CSV and XLSX."""

from .csv import CSVSerializer
from .handlers import DataHandler, FileHandler
from .json import AnswerSerializer
from .xlsx import XLSXSerializer

__all__ = ("AnswerSerializer", "CSVSerializer", "DataHandler", "FileHandler", "XLSXSerializer")
