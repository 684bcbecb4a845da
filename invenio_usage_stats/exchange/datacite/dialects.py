# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The two dialects of events: with hyphens (the usual one), and in camel case (``version=2``)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from flask_resources.serializers import JSONSerializer

from ..counter.metrics import DOWNLOADS, VIEWS
from .events import Event

ROLES = {VIEWS: "views", DOWNLOADS: "downloads"}
"""What the number of an event is to the work that it is about."""


@dataclass(frozen=True)
class Told:
    """Be an answer: data with names as serializers spell them (``obj_id``), and its headers."""

    data: dict[str, Any]
    headers: dict[str, str]


class HyphenSerializer(JSONSerializer):
    """Write names with hyphens; what only the newer dialect has is left out."""

    def serialize_object(self, obj: Told) -> str:
        """Return the text of an answer."""
        return super().serialize_object(named(obj.data, hyphens))


class CamelSerializer(JSONSerializer):
    """Write names in camel case."""

    def serialize_object(self, obj: Told) -> str:
        """Return the text of an answer."""
        return super().serialize_object(named(obj.data, camel))


class PlainSerializer(JSONSerializer):
    """Write names as they are."""

    def serialize_object(self, obj: Told) -> str:
        """Return the text of an answer."""
        return super().serialize_object(obj.data)


NEWER = ("source_doi", "target_doi", "source_relation_type_id", "target_relation_type_id")
"""What only the newer dialect tells of an event."""


def hyphens(name: str) -> str | None:
    """Return a name with hyphens; none for what this dialect does not know."""
    return None if name in NEWER else name.replace("_", "-")


def camel(name: str) -> str:
    """Return a name in camel case."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def named(data: Any, spell: Callable[[str], str | None]) -> Any:
    """Return data with its names spelled in a dialect."""
    if isinstance(data, list):
        return [named(one, spell) for one in data]
    if not isinstance(data, dict):
        return data
    spelled = ((spell(name), value) for name, value in data.items())
    return {name: named(value, spell) for name, value in spelled if name is not None}


def event_item(event: Event) -> dict[str, Any]:
    """Return an event as JSON:API has it."""
    return {
        "id": event.id,
        "type": "events",
        "attributes": {
            "subj_id": event.subj_id,
            "obj_id": event.obj_id,
            "source_id": event.source_id,
            "source_doi": None,
            "target_doi": event.doi,
            "relation_type_id": event.relation_type_id,
            "source_relation_type_id": None,
            "target_relation_type_id": ROLES.get(event.relation_type_id),
            "total": event.total,
            "message_action": "create",
            "source_token": str(uuid5(NAMESPACE_URL, event.source_id)),
            "license": current_app.config["USAGE_STATS_COUNTER_LICENSE"],
            "occurred_at": event.occurred_at,
            "timestamp": event.updated,
        },
        "relationships": {"subj": _thing(event.subj_id), "obj": _thing(event.obj_id)},
    }


def _thing(id_: str) -> dict[str, Any]:
    """Return what an event is related to."""
    return {"data": {"id": id_, "type": "objects"}}
