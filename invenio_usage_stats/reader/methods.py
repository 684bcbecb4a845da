# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""By which method usage was counted, and on which days that changed."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from invenio_db import db

from ..aggregations.models import CountingMethod
from .periods import Period

METHODS = CountingMethod.__table__
ROBOTS = "robots"
"""The version of the list by which robots are recognised."""
LOCATIONS = "locations"
"""The database that knows the countries of addresses, with the day on which it was built."""
DOUBLE_CLICKS = "double-clicks"
"""Within how many seconds repeated clicks count once."""
SESSIONS = "sessions"
"""After how many minutes a session ends, within which unique views and downloads count once."""
PREPARATION = "preparation"
"""The functions that each event goes through before it is stored."""
RECOUNT = "recount"
"""What COUNTER's rules count of a month was counted again; its name is ``recount:2026-01``."""


class MethodChange(NamedTuple):
    """Be a change of a part of the method."""

    day: date
    name: str
    """Which part it is; what follows a colon says of which month."""
    kind: str
    """The kind of events that it is about; empty for all."""
    before: str
    after: str


def method_changes(period: Period) -> tuple[MethodChange, ...]:
    """Return the changes of a period, in their order."""
    fields = [METHODS.c[name] for name in MethodChange._fields]
    within = METHODS.c.day.between(period.since, period.until)
    # What changed and was changed back on one day is no change; nor is what was noted first.
    query = sa.select(*fields).where(within, METHODS.c.before != METHODS.c.after)
    try:
        with db.engine.connect() as connection:
            rows = connection.execute(query.order_by(METHODS.c.day, METHODS.c.name)).all()
    except sa.exc.ProgrammingError:
        # An instance that was updated and is not migrated yet still shows its numbers.
        return ()
    return tuple(MethodChange(*row) for row in rows)
