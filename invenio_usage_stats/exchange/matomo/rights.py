# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tokens: what may be believed of what a tracker says."""

from typing import NamedTuple

from invenio_access.utils import get_identity
from invenio_oauth2server.models import Token

from ...services.permissions import allows
from .consumers import consumer_of


class Trust(NamedTuple):
    """Say whose token was shown."""

    consumer: str = ""
    """The id of a registered consumer."""
    manager: bool = False
    """Whether it is that of somebody who manages statistics."""

    @property
    def known(self) -> bool:
        """Tell whether addresses, times and countries are believed."""
        return bool(self.consumer or self.manager)


NONE = Trust()


def trust_in(token: str) -> Trust:
    """Return what a token is good for: a consumer's, or a personal one of the repository's."""
    if not token:
        return NONE
    if consumer := consumer_of(token):
        return Trust(consumer.id)
    return Trust(manager=_manages(token))


def _manages(token: str) -> bool:
    """Tell whether a personal token is that of an active user who manages statistics."""
    found = Token.query.filter_by(access_token=token, is_personal=True).one_or_none()
    if found is None or not found.user.active:
        return False
    return allows(get_identity(found.user), "manage")
