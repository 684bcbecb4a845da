# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What readers write."""


def is_storable(text: str) -> bool:
    """Tell whether databases can hold a text, and so can be asked for it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
