# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Service components: the public hooks of the ledger.

Each notes the records that its action touches; the recorder compares them once, when the
transaction commits. So several components that see one action record it once.
"""

from typing import Any

from invenio_drafts_resources.services.records.components import ServiceComponent
from invenio_pidstore.errors import PersistentIdentifierError
from invenio_requests.records.api import Request
from sqlalchemy.exc import NoResultFound

from .recorder import note_parent


def _note(record: Any) -> None:
    """Note a record's parent."""
    parent = getattr(record, "parent", None)
    if parent is not None and parent.model is not None:
        note_parent(parent.model.id)


def _topic(request_id: Any) -> Any:
    """Return what a request is about; none when that is gone, which must not stop anyone."""
    try:
        topic = Request.get_record(request_id).topic
        return None if topic is None else topic.resolve()
    except (NoResultFound, PersistentIdentifierError):
        return None


class CommunityAcceptedEventComponent(ServiceComponent):
    """Note records whose inclusion, submission or other request is accepted."""

    def create(self, identity: Any, data: Any = None, event: Any = None, **kwargs: Any) -> None:
        """Note the topic of a request that is accepted."""
        payload = (data or {}).get("payload") or {}
        if event is not None and payload.get("event") == "accepted":
            _note(_topic(event.request_id))


class RecordCommunityEventComponent(ServiceComponent):
    """Note records that are published, deleted or restored."""

    def publish(self, identity: Any, draft: Any = None, record: Any = None, **kwargs: Any) -> None:
        """Note a record that is published, first or again."""
        _note(record)

    def delete_record(
        self, identity: Any, data: Any = None, record: Any = None, **kwargs: Any
    ) -> None:
        """Note a record that is deleted."""
        _note(record)

    def restore_record(self, identity: Any, record: Any = None, **kwargs: Any) -> None:
        """Note a record that is restored."""
        _note(record)


class RecordCommunityEventTrackingComponent(ServiceComponent):
    """Note records whose communities are changed directly."""

    def add_community(self, identity: Any, record: Any = None, **kwargs: Any) -> None:
        """Note a record for which inclusion is requested, or that is included at once."""
        _note(record)

    def remove_community_from_record(
        self, identity: Any, record: Any = None, **kwargs: Any
    ) -> None:
        """Note a record that leaves a community."""
        _note(record)

    def set_default(self, identity: Any, record: Any = None, **kwargs: Any) -> None:
        """Note a record whose default community changes."""
        _note(record)

    def bulk_add(
        self, identity: Any, community_id: Any = None, record_ids: Any = (), **kwargs: Any
    ) -> None:
        """Leave bulk additions to the listener on parents, which sees each one that happens."""

    add = add_community
    remove = remove_community_from_record
