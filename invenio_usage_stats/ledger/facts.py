# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Facts: the properties of a record that statistics break down by."""

import hashlib
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from os.path import splitext
from typing import Any

import msgspec

from ..catalog.base import Dimension

_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:/.*)?$")


class Facts(msgspec.Struct, frozen=True, dict=True, omit_defaults=True):
    """Hold a record's facts as of one ledger entry.

    ``values``: keys per dimension; ``files``: extension to (count, bytes); ``published``: first
    day of the publication date (ISO), empty where the record has no date that exists.
    """

    values: dict[str, tuple[str, ...]]
    files: dict[str, tuple[int, int]] = {}
    published: str = ""
    restricted: bool = False

    @property
    def file_count(self) -> int:
        """Return the number of files."""
        return sum(count for count, _ in self.files.values())

    @property
    def volume(self) -> int:
        """Return the size of all files in bytes."""
        return sum(size for _, size in self.files.values())

    def encode(self) -> dict[str, Any]:
        """Return plain data in a stable order."""
        return msgspec.to_builtins(self)

    @cached_property
    def digest(self) -> str:
        """Return a digest that is equal for equal facts."""
        return hashlib.sha1(msgspec.json.encode(self, order="sorted")).hexdigest()


def decode_facts(data: dict[str, Any]) -> Facts:
    """Return facts from plain data."""
    return msgspec.convert(data, Facts)


class RecordView:
    """Show a record's JSON the way the catalog's readers want it."""

    def __init__(
        self, json: dict[str, Any], parent: dict[str, Any], files: Iterable[tuple[str, int]]
    ) -> None:
        """Take the JSON of record and parent, and the (key, bytes) of each file."""
        self._json = json
        self._parent = parent
        self.metadata: dict[str, Any] = json.get("metadata") or {}
        self.custom_fields: dict[str, Any] = json.get("custom_fields") or {}
        self.files = _by_extension(files)

    @property
    def access_status(self) -> str:
        """Return the access status, by the rules of InvenioRDM's record access field."""
        access = self._json.get("access") or {}
        public = access.get("record") == "public"
        if (access.get("embargo") or {}).get("active"):
            return "embargoed"
        if public and not (self._json.get("files") or {}).get("enabled"):
            return "metadata-only"
        return "open" if public and access.get("files") == "public" else "restricted"

    @property
    def restricted(self) -> bool:
        """Tell whether the metadata is restricted."""
        return (self._json.get("access") or {}).get("record") == "restricted"

    @property
    def owner(self) -> str | None:
        """Return the owner's user id; none for the system."""
        owner = (((self._parent.get("access") or {}).get("owned_by")) or {}).get("user")
        return None if owner in (None, "system") else str(owner)

    @property
    def published(self) -> str:
        """Return the first day of the publication date."""
        return first_day(self.metadata.get("publication_date"))


def _by_extension(files: Iterable[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """Return count and bytes of files by lower-case extension."""
    table: dict[str, tuple[int, int]] = {}
    for key, size in files:
        extension = extension_of(key)
        count, volume = table.get(extension, (0, 0))
        table[extension] = (count + 1, volume + int(size or 0))
    return dict(sorted(table.items()))


def extension_of(key: str | None) -> str:
    """Return the lower-case extension of a file's name, without its dot."""
    return splitext(key or "")[1].lower().lstrip(".")


def first_day(value: str | None) -> str:
    """Return the first day of an EDTF level 0 date; empty when there is no such day.

    The year 9999 is nobody's: it stands for "unknown", and the days after it cannot be named.
    """
    match = _DATE.match(value or "")
    if not match:
        return ""
    year, month, day = (int(part) if part else 1 for part in match.groups())
    valid = 0 < year < 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day).isoformat() if valid else ""


def facts_of(view: RecordView, dimensions: Iterable[Dimension]) -> Facts:
    """Return the facts of a record for these dimensions.

    Values of a restricted record are kept only where the catalog says so; a value that stands
    several times counts once.
    """
    values = {
        d.id: tuple(dict.fromkeys(v for v in d.values(view) if v))
        for d in dimensions
        if d.source == "record" and (d.public_for_restricted or not view.restricted)
    }
    return Facts(
        values={id_: keys for id_, keys in values.items() if keys},
        files=view.files,
        published=view.published,
        restricted=view.restricted,
    )
