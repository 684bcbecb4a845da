# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Who acts in the demo: users and their identities."""

import os
from datetime import UTC, datetime

from . import words


def identity_of(name, communities=()):
    """Return the identity of a demo user (made when missing) who owns the given communities."""
    from flask import current_app
    from flask_security.utils import hash_password
    from invenio_access.permissions import authenticated_user
    from invenio_access.utils import get_identity
    from invenio_communities.generators import CommunityRoleNeed
    from invenio_db import db

    email = f"{name}@demo.org"
    datastore = current_app.extensions["security"].datastore
    user = datastore.get_user(email)
    if user is None:
        user = datastore.create_user(
            email=email,
            password=hash_password(os.environ.get("UST_PASSWORD") or os.urandom(12).hex()),
            active=True,
            confirmed_at=datetime.now(UTC),
            preferences={"visibility": "public", "email_visibility": "restricted"},
            user_profile={"full_name": name.replace(".", " ").title(), "affiliations": "Demo"},
        )
        db.session.commit()
    identity = get_identity(user)
    identity.provides.add(authenticated_user)
    # Membership needs a request to load; here it is said outright.
    for community in communities:
        identity.provides.add(CommunityRoleNeed(str(community), "owner"))
    return identity


def identities(communities=()):
    """Return all demo users by name."""
    return {name: identity_of(name, communities) for name in words.USERS}


def community_ids():
    """Return the identifiers by slug of the communities that are there."""
    from invenio_communities.communities.records.models import CommunityMetadata

    slugs = [c[0] for c in words.COMMUNITIES]
    return {
        c.slug: str(c.id) for c in CommunityMetadata.query.filter(CommunityMetadata.slug.in_(slugs))
    }
