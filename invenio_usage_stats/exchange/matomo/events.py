# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The event of something that a program has reported.

**Reported downloads** are the events whose action is ``download``, and that are resolved: what was
downloaded is a record of this repository. They are never added to the repository's own downloads.
"""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from ...indices import EVENT_PREFIX, REPORTED, full_name

NAME = REPORTED.removeprefix(EVENT_PREFIX)
"""How the event is called, as those of invenio-stats are."""
Action = Literal["download", "page", "outlink", "search", "event"]
DOWNLOAD: Action = "download"
UNKNOWN = "unknown"
"""The consumer when nothing says which program it was."""
LONGEST_URL, LONGEST_LABEL = 1_024, 256


class Report(NamedTuple):
    """Be something that was reported, judged and made anonymous; none is left out of documents."""

    at: datetime
    """When it happened, in naive UTC."""
    action: Action
    url: str
    """Without scheme and fragment."""
    visitor_id: str
    visit_id: str
    unique_session_id: str
    site: int = 1
    label: str | None = None
    """The title of a page, what was searched, or category, action and name of an event."""
    recid: str | None = None
    """The version; none where a concept was downloaded."""
    record_id: str | None = None
    parent_recid: str | None = None
    parent_id: str | None = None
    file_key: str | None = None
    resolved: bool | None = None
    """Whether a download is one of a record of this repository; none for other actions."""
    consumer: str = UNKNOWN
    consumer_version: str | None = None
    community_id: str | None = None
    """The community of the site, when that is one."""
    country: str | None = None
    is_machine: bool = False
    is_robot: bool = False
    bytes: int | None = None

    @property
    def index(self) -> str:
        """Return the full name of the index in which it belongs."""
        return full_name(f"{REPORTED}-{self.at:%Y-%m}")

    @property
    def unique_id(self) -> str:
        """Return what was used: the file, version or concept; else the address."""
        thing = self.recid or self.parent_recid or self.url
        return f"{thing}/{self.file_key}" if self.file_key else thing

    def document(self, updated: datetime) -> dict[str, Any]:
        """Return the document; ``updated``: when it is written, in naive UTC."""
        told = {name: value for name, value in self._asdict().items() if value is not None}
        del told["at"]
        told["url"] = self.url[:LONGEST_URL]
        if self.label is not None:
            told["label"] = self.label[:LONGEST_LABEL]
        return {
            "timestamp": self.at.isoformat(timespec="milliseconds"),
            "updated_timestamp": updated.isoformat(timespec="milliseconds"),
            "unique_id": self.unique_id[:LONGEST_URL],
            **told,
        }
