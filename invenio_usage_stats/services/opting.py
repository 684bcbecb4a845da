# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Opting in: where communities decide whether their statistics are shown.

A community that has not decided is hidden wherever numbers are read: on pages, in rankings, by
queries and share links.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from flask_principal import Identity
from invenio_communities.proxies import current_communities
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ..errors import UnknownScopeError
from .models import OptedIn

SETTING = "STATS_DASHBOARD_COMMUNITY_OPT_IN"


def is_needed() -> bool:
    """Tell whether communities are hidden until they opt in."""
    return bool(current_app.config[SETTING])


def is_shown(community: str) -> bool:
    """Tell whether the statistics of a community (its UUID) are to be seen at all."""
    return bool(shown([community]))


def shown(communities: Iterable[str]) -> list[str]:
    """Return those of some communities (their UUIDs) whose statistics are to be seen at all."""
    wanted = list(communities)
    if not is_needed():
        return wanted
    query = db.select(OptedIn.scope).where(OptedIn.scope.in_(wanted))
    found = set(db.session.scalars(query))
    return [id_ for id_ in wanted if id_ in found]


def last_decision() -> tuple[int, datetime | None] | None:
    """Return what moves with each decision; nothing where there is none to be made."""
    if not is_needed():
        return None
    query = db.select(db.func.count(), db.func.max(OptedIn.since))
    return tuple(db.session.execute(query).one())


def may_decide(identity: Identity, community: Any) -> bool:
    """Tell whether an identity may decide for a community (an item of its service)."""
    record = community._record
    return current_communities.service.check_permission(identity, "update", record=record)


def decide(identity: Identity, community: Any, show: bool) -> None:
    """Show or hide the statistics of a community (an item of its service).

    Raises ``UnknownScopeError`` for who may not decide it.
    """
    id_ = str(community.id)
    if not may_decide(identity, community):
        raise UnknownScopeError(id_)
    row = {"scope": id_, "by": str(identity.id)}
    if show:
        db.session.execute(insert(OptedIn).values(row).on_conflict_do_nothing())
    else:
        db.session.execute(db.delete(OptedIn).where(OptedIn.scope == id_))
    db.session.commit()
