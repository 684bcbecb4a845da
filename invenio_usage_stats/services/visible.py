# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a reader may see of what could be listed: asked of the repository's own services."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_principal import Identity
from invenio_base.urls import invenio_url_for
from invenio_communities.proxies import current_communities
from invenio_i18n import gettext as _
from invenio_rdm_records.proxies import current_rdm_records_service
from invenio_records_resources.services import RecordService
from invenio_search.engine import dsl
from invenio_users_resources.proxies import current_users_service
from werkzeug.routing import BuildError

from . import opting
from .permissions import allows

MOST = 10_000
WORKS = 200
"""So many works are looked for at a time, since each may have many versions."""
ALIVE = {"deletion_status": "P"}
PUBLISHED = {"is_published": True, **ALIVE}
RECORD_PAGE = "invenio_app_rdm_records.record_detail"
_V = re.compile(r"^[vV](?=\d)")
"""What stands before the number of a version."""


class Seen(NamedTuple):
    """Be how something is shown: its name, and the address of its page."""

    label: str
    link: str | None = None


def records(identity: Identity, ids: Iterable[str]) -> dict[str, Seen]:
    """Return the published records among some that a reader may see, by id."""
    fields = ["id", "metadata.title", "metadata.version", "versions"]
    hits = _found(current_rdm_records_service, identity, ids, fields, PUBLISHED)
    return {hit["id"]: _version(hit) for hit in hits}


def works(identity: Identity, ids: Iterable[str]) -> dict[str, Seen]:
    """Return the works among some of which a reader may see a version, named after the last."""
    fields = ["id", "parent.id", "metadata.title", "versions.index"]
    wanted, found = list(ids), []
    for start in range(0, len(wanted), WORKS):
        some = {**PUBLISHED, "parent.id": wanted[start : start + WORKS]}
        found += _found(current_rdm_records_service, identity, None, fields, some)
    found.sort(key=lambda hit: hit.get("versions", {}).get("index", 0))
    return {hit["parent"]["id"]: _record(hit) for hit in found}


def _record(hit: dict[str, Any]) -> Seen:
    """Return how a record is shown."""
    title = hit.get("metadata", {}).get("title")
    return Seen(title or hit["id"], address(RECORD_PAGE, pid_value=hit["id"]))


def _version(hit: dict[str, Any]) -> Seen:
    """Return how one of several versions is shown, which often share a title."""
    seen, versions = _record(hit), hit.get("versions", {})
    index = versions.get("index", 1)
    if index == 1 and versions.get("is_latest", True):
        return seen
    version = _V.sub("", str(hit.get("metadata", {}).get("version") or index))
    return seen._replace(
        label=_("%(title)s (version %(version)s)", title=seen.label, version=version)
    )


def communities(identity: Identity, ids: Iterable[str]) -> dict[str, Seen]:
    """Return the communities among some whose numbers a reader may read, by id."""
    fields = ["id", "slug", "metadata.title"]
    endpoint = "invenio_app_rdm_communities.communities_home"
    if not allows(identity, "manage"):
        ids = opting.shown(ids)
    return {
        hit["id"]: Seen(hit["metadata"]["title"], address(endpoint, pid_value=hit["slug"]))
        for hit in _found(current_communities.service, identity, ids, fields, ALIVE)
        if allows(identity, "read_community", community_id=hit["id"])
    }


def subcommunities(identity: Identity, parent: str) -> list[str]:
    """Return the ids of the sub-communities of a community that a reader may see."""
    search = search_for(
        current_communities.service, identity, dsl.Q("term", **{"parent.id": parent})
    )
    return [hit["id"] for hit in hits_of(search.source(["id"]))]


def uploaders(identity: Identity, ids: Iterable[str]) -> dict[str, Seen]:
    """Return the users among some whose profile is public, for readers who may see profiles."""
    wanted = {"preferences.visibility": "public", "active": True, "confirmed": True}
    return {id_: Seen(name) for id_, name in people(identity, ids, wanted).items()}


def people(
    identity: Identity, ids: Iterable[str], terms: dict[str, Any] | None = None
) -> dict[str, str]:
    """Return the names of the users among some whose profile a reader may see."""
    if not current_users_service.check_permission(identity, "search"):
        return {}
    fields = ["id", "username", "profile.full_name"]
    return {
        str(hit["id"]): hit.get("profile", {}).get("full_name") or hit.get("username") or ""
        for hit in _found(current_users_service, identity, ids, fields, terms or {})
    }


def _found(
    service: RecordService,
    identity: Identity,
    ids: Iterable[str] | None,
    fields: list[str],
    terms: dict[str, Any],
) -> list[dict[str, Any]]:
    """Return what a reader may see, of some ids and with some values in its fields."""
    wanted = dsl.Q("match_all") if ids is None else dsl.Q("terms", id=list(ids))
    for field, value in terms.items():
        values = value if isinstance(value, list) else [value]
        wanted &= dsl.Q("terms", **{field: values})
    return hits_of(search_for(service, identity, wanted).source(fields))


def search_for(
    service: RecordService, identity: Identity, wanted: Any, action: str = "read"
) -> Any:
    """Return a search among what a reader may see, or may do something else with."""
    return service.create_search(
        identity,
        service.record_cls,
        service.config.search,
        permission_action=action,
        extra_filter=wanted,
        versioning=False,
    )


def hits_of(search: Any) -> list[dict[str, Any]]:
    """Return the sources of all hits."""
    return [hit.to_dict() for hit in search[0:MOST].execute()]


def address(endpoint: str, **values: str) -> str | None:
    """Return the address of a page; none where the repository has no such pages."""
    try:
        return invenio_url_for(endpoint, **values)
    except BuildError:
        return None
