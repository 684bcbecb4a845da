# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A naive second opinion: the numbers of a history by brute force, without the engine."""
