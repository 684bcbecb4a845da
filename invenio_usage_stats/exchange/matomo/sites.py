# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sites: the repository is the first one, and communities may have numbers of their own."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from invenio_communities.communities.records.models import CommunityMetadata
from invenio_communities.communities.records.systemfields.deletion_status import (
    CommunityDeletionStatusEnum,
)
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ...ledger.models import utc_now
from ...services.visible import address
from . import models

REPOSITORY = 1
MOST = 2**31 - 1
"""The largest number that the database and the index can hold."""
ROWS, COMMUNITIES = models.Site.__table__, CommunityMetadata.__table__
PAGE = "invenio_app_rdm_communities.communities_home"


class Site(NamedTuple):
    """Be a site: the repository, or a community."""

    id: int
    title: str
    community_id: str | None
    """The community's UUID; none for the repository."""
    main_url: str


def site_of(idsite: int) -> Site | None:
    """Return the site with a number; none when there is none, or its community is deleted."""
    if idsite == REPOSITORY:
        return _repository()
    found = _communities(ROWS.c.id == idsite) if 0 < idsite <= MOST else iter(())
    return next(found, None)


def sites() -> list[Site]:
    """Return all sites by their numbers."""
    return [_repository(), *_communities(sa.true())]


def number(community_id: str) -> int:
    """Return the number of a community, which it gets if it has none."""
    wanted = sa.cast(sa.literal(community_id), sa.String(36))
    _add(sa.select(wanted).where(_unnumbered(wanted)))
    with db.engine.connect() as connection:
        query = sa.select(ROWS.c.id).where(ROWS.c.community_id == community_id)
        return connection.execute(query).scalar_one()


def number_all() -> int:
    """Give all communities numbers that have none; return to how many."""
    id_ = sa.cast(COMMUNITIES.c.id, sa.String(36))
    return _add(sa.select(id_).where(_is_there(), _unnumbered(id_)).order_by(COMMUNITIES.c.created))


def _add(ids: sa.Select) -> int:
    """Give numbers to communities; none is left out, since only these are asked for that want."""
    rows = ids.add_columns(sa.literal(utc_now()))
    added = insert(ROWS).from_select(("community_id", "since"), rows).on_conflict_do_nothing()
    with db.engine.begin() as connection:
        return connection.execute(added).rowcount


def _unnumbered(id_: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Return a condition for communities without a number."""
    return ~sa.exists().where(ROWS.c.community_id == id_)


def _is_there() -> sa.ColumnElement[bool]:
    """Return a condition for communities that are not deleted."""
    return COMMUNITIES.c.deletion_status == CommunityDeletionStatusEnum.PUBLISHED


def _repository() -> Site:
    """Return the site that is the repository."""
    config = current_app.config
    host = urlsplit(config["SITE_UI_URL"]).hostname or ""
    return Site(REPOSITORY, str(config.get("THEME_SITENAME") or host), None, config["SITE_UI_URL"])


def _communities(wanted: sa.ColumnElement[bool]) -> Iterator[Site]:
    """Yield the communities that are sites, by their numbers."""
    same = sa.cast(COMMUNITIES.c.id, sa.String(36)) == ROWS.c.community_id
    title = COMMUNITIES.c.json["metadata"]["title"].as_string()
    query = sa.select(ROWS.c.id, title, ROWS.c.community_id, COMMUNITIES.c.slug)
    query = query.join_from(ROWS, COMMUNITIES, same).where(wanted, _is_there())
    with db.engine.connect() as connection:
        rows = connection.execute(query.order_by(ROWS.c.id)).all()
    for id_, name, community_id, slug in rows:
        yield Site(id_, name or slug, community_id, address(PAGE, pid_value=slug) or "")
