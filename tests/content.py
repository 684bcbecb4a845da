# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Content made through the repository's own services."""

from io import BytesIO
from uuid import uuid4

from invenio_access.permissions import system_identity
from invenio_communities.generators import CommunityRoleNeed
from invenio_communities.proxies import current_communities
from invenio_rdm_records.proxies import (
    current_rdm_records_service as records,
)
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)
from invenio_requests.proxies import current_requests_service
from invenio_search import current_search_client
from pytest_invenio.user import UserFixtureBase

from invenio_usage_stats.indices import full_name

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
TYPES = (
    ("resourcetypes", "rsrct"),
    ("communitytypes", "comtyp"),
    ("removalreasons", "rem"),
    ("languages", "lng"),
)
RESOURCE_TYPE = {
    "props": {
        "type": "dataset",
        "subtype": "",
        "csl": "dataset",
        "datacite_general": "Dataset",
        "datacite_type": "",
        "eurepo": "info:eu-repo/semantics/other",
        "openaire_resourceType": "21",
        "openaire_type": "dataset",
        "schema.org": "https://schema.org/Dataset",
        "marc21_type": "dataset",
        "marc21_subtype": "",
        "bibtex": "misc",
    },
    "tags": ["depositable", "linkable"],
}


def refresh_all() -> None:
    """Make everything written so far visible to searches."""
    current_search_client.indices.refresh(index=full_name("*"))


def create_vocabularies() -> None:
    """Create one or two terms of each vocabulary that records need."""
    from invenio_vocabularies.proxies import current_service as vocabularies

    for type_, pid in TYPES:
        vocabularies.create_type(system_identity, type_, pid)
    terms = [
        {"type": "resourcetypes", "id": "dataset", "title": {"en": "Dataset"}, **RESOURCE_TYPE},
        {"type": "resourcetypes", "id": "article", "title": {"en": "Article"}, **RESOURCE_TYPE},
        {"type": "communitytypes", "id": "topic", "title": {"en": "Topic"}},
        {
            "type": "removalreasons",
            "id": "spam",
            "title": {"en": "Spam"},
            "tags": ["deletion-request"],
        },
        {"type": "languages", "id": "eng", "title": {"en": "English", "de": "Englisch"}},
    ]
    for term in terms:
        vocabularies.create(system_identity, term)
    refresh_all()


class Person(UserFixtureBase):
    """A user whose id is known after the session has ended that made the user."""

    @property
    def id(self) -> str:
        return str(self.identity.id)


def create_user(app, name: str) -> Person:
    """Create a user whose password is the name twice.

    The identity is made at once: later tests may end the session that the user belongs to.
    """
    from invenio_db import db

    user = Person(email=f"{name}@example.org", password=name * 2)
    user.create(app, db)
    db.session.commit()
    assert user.id
    return user


def create_community(owner: UserFixtureBase, visibility: str = "public", **extra) -> str:
    """Create a community and return its UUID; the owner's identity may act for it."""
    slug = f"community-{uuid4().hex[:8]}"
    access = {"visibility": visibility, "review_policy": "open", "record_submission_policy": "open"}
    item = current_communities.service.create(
        owner.identity,
        {"slug": slug, "access": access, "metadata": {"title": slug.title()}, **extra},
    )
    owner.identity.provides.add(CommunityRoleNeed(str(item.id), "owner"))
    refresh_all()
    return str(item.id)


def update_community(community: str, **changes) -> None:
    """Change a community as the system."""
    service = current_communities.service
    data = service.read(system_identity, community).data
    service.update(system_identity, community, {**data, **changes})
    refresh_all()


def metadata(**changes) -> dict:
    """Return the data of a draft without files."""
    return {
        "access": {"record": "public", "files": "public"},
        "files": {"enabled": False},
        "metadata": {
            "title": "A title",
            "resource_type": {"id": "dataset"},
            "publication_date": "2020-06-01",
            "publisher": "Press",
            "languages": [{"id": "eng"}],
            "creators": [
                {
                    "person_or_org": {
                        "type": "personal",
                        "family_name": "Silva",
                        "given_name": "Eva",
                    },
                    "affiliations": [{"name": "Free University"}],
                }
            ],
            **changes,
        },
    }


def create_draft(person: UserFixtureBase, files: dict[str, bytes] | None = None, **changes):
    """Create a draft and return it."""
    data = metadata(**changes)
    data["files"]["enabled"] = bool(files)
    draft = records.create(person.identity, data)
    for name, body in (files or {}).items():
        records.draft_files.init_files(person.identity, draft.id, data=[{"key": name}])
        records.draft_files.set_file_content(person.identity, draft.id, name, BytesIO(body))
        records.draft_files.commit_file(person.identity, draft.id, name)
    return draft


def publish(person: UserFixtureBase, files: dict[str, bytes] | None = None, **changes) -> str:
    """Publish a record and return its id."""
    return records.publish(person.identity, create_draft(person, files, **changes).id).id


def publish_restricted(person: UserFixtureBase, files: dict[str, bytes]) -> str:
    """Publish a record that only its owner may read, and return its id."""
    draft = create_draft(person, files, title="A secret")
    data = draft.data
    data["access"] = {"record": "restricted", "files": "restricted"}
    records.update_draft(person.identity, draft.id, data)
    return records.publish(person.identity, draft.id).id


def submit(person: UserFixtureBase, draft_id: str, community: str, require_review: bool):
    """Submit a draft to a community and return the request."""
    receiver = {"type": "community-submission", "receiver": {"community": community}}
    records.review.update(person.identity, draft_id, receiver)
    return records.review.submit(person.identity, draft_id, require_review=require_review)


def accept(person: UserFixtureBase, request_id: str) -> None:
    """Accept a request."""
    current_requests_service.execute_action(person.identity, request_id, "accept", {})


def request_inclusion(person, record: str, community: str, require_review: bool = True) -> str:
    """Request the inclusion of a record and return the request's id."""
    body = {"communities": [{"id": community, "require_review": require_review}]}
    processed, errors = record_communities.add(person.identity, record, body)
    assert not errors
    return processed[0]["request_id"]


def leave(record: str, community: str) -> None:
    """Remove a record from a community."""
    body = {"communities": [{"id": community}]}
    record_communities.remove(system_identity, record, body)


def delete(record: str) -> None:
    """Delete a record."""
    tombstone = {"removal_reason": {"id": "spam"}, "note": "", "is_visible": True}
    records.delete_record(system_identity, record, tombstone)


def edit(person: UserFixtureBase, record: str, **changes) -> None:
    """Edit a published record."""
    draft = records.edit(person.identity, record)
    data = metadata(**changes)
    data["files"] = draft.data["files"]
    records.update_draft(person.identity, record, data)
    records.publish(person.identity, record)


def new_version(person: UserFixtureBase, record: str) -> str:
    """Publish a new version and return its id."""
    draft = records.new_version(person.identity, record)
    data = metadata()
    data["files"] = {"enabled": False}
    records.update_draft(person.identity, draft.id, data)
    return records.publish(person.identity, draft.id).id


def set_profile(person: Person, visibility: str) -> None:
    """Set who may see a user's profile."""
    from invenio_accounts.models import User
    from invenio_db import db
    from invenio_users_resources.proxies import current_users_service
    from invenio_users_resources.records.api import UserAggregate

    db.session.rollback()  # who has signed in since is another version of the user
    user = db.session.get(User, person.id)
    user.preferences = {**user.preferences, "visibility": visibility}
    db.session.commit()
    current_users_service.indexer.index(UserAggregate.from_model(user))
    refresh_all()
