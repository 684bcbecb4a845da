# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A row of a report, and the columns that all files have in the same order."""

from datetime import datetime
from typing import NamedTuple


class Row(NamedTuple):
    """Be the totals of a file, a record or a community; what does not apply is none or empty.

    The order is that of Clowder's reports, with our names. Times are naive UTC, to the second.
    """

    type: str
    """``file``, ``record`` or ``community``."""
    id: str
    """Of a file: the record's id, a slash, and the file's name."""
    name: str
    owner: str = ""
    owner_id: str = ""
    size: int | None = None
    """Bytes."""
    created: datetime | None = None
    views: int | None = None
    downloads: int | None = None
    volume: int | None = None
    """Bytes downloaded."""
    first_viewed: datetime | None = None
    last_viewed: datetime | None = None
    last_downloaded: datetime | None = None
    location: str = ""
    parent_record: str = ""
    """Of a file: its record; of a record: the work that it is a version of."""
    communities: tuple[str, ...] = ()
    """Slugs of the communities that a file or record belongs to."""
    parent_communities: tuple[str, ...] = ()
    """Slugs of the parents of these communities; of a community: of its parent."""
    status: str = ""


COLUMNS = Row._fields
