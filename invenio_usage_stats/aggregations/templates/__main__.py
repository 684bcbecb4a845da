# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Writes the files of the index templates."""

from pathlib import Path

from .generator import files

for path, text in files().items():
    (Path(__file__).parent / path).write_text(text)
