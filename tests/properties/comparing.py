# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Comparing large values so that one sees at once where they differ."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

MOST = 20


def check_equal(found: Any, expected: Any, *place: Any) -> None:
    """Raise an error that names the first places at which two values differ."""
    lines = list(islice(differences(found, expected, place), MOST))
    if lines:
        raise AssertionError("\n".join(["found and expected differ:", *lines]))


def differences(found: Any, expected: Any, place: tuple = ()) -> Iterator[str]:
    """Yield what differs between two values, each place on a line."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in sorted(found.keys() | expected.keys(), key=str):
            yield from differences(found.get(key), expected.get(key), (*place, key))
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for number, pair in enumerate(zip(found, expected, strict=True)):
            yield from differences(*pair, (*place, number))
    elif found != expected:
        yield f"{' / '.join(map(str, place))}: {found} != {expected}"
