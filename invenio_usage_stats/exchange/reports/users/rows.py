# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rows of a report by user: each row of the totals, parted by who it was.

The parts of a row add up to it whatever the store knows. It can know more than the totals for some
minutes, since it hears of events before they are counted: what the totals do not have yet is not
shown of anybody. It knows less where somebody was not signed in, refused, was erased, or used a
program: that is left for the row without a name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from flask_principal import Identity
from invenio_i18n import gettext as _

from ....ledger.history import GLOBAL
from ....reader.periods import Period
from ....services.scopes import Scope
from ..asked import TIMES, Asked
from ..totals.row import COLUMNS as OF_TOTALS
from ..totals.row import Row
from ..totals.rows import rows
from ..who import People
from .events import COMMUNITY, Use
from .store import NUMBERS, OfUser, used_by

ROWS = 500
"""Of how many things the store is asked at once."""
OTHERS, NOBODY = "other", "anonymous"
"""What stands for the id of users who are not shown by name, and of use without a user."""
BY_USER, OWN_USE = "_by_user", "my-use"
"""What addresses and files are called by."""
DAYS = {"last_viewed": "views", "last_downloaded": "downloads"}
"""With which number a day is withheld, as it tells that there is any."""
OF_USER = ("user", "user_id")
COLUMNS = (*OF_TOTALS, *OF_USER)
"""The columns of reports by user: those of totals, and who it was."""


class UserRow(NamedTuple):
    """Be a part of a row of the totals: what one user has used of it, or some together."""

    row: Row
    user: str
    user_id: str

    @property
    def cells(self) -> tuple[Any, ...]:
        """Return all values in the order of the columns."""
        return (*self.row, self.user, self.user_id)


def by_user(identity: Identity, asked: Asked, people: People) -> Iterator[UserRow]:
    """Yield the rows of the totals that this identity has a right to, parted by user."""
    found = iter(rows(identity, asked))
    while some := list(islice(found, ROWS)):
        yield from _parted(some, asked.used, people)


def _parted(some: list[Row], period: Period, people: People) -> Iterator[UserRow]:
    """Yield some rows parted by user."""
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for row in some:
        ids[row.type].append(row.id)
    used = {
        type_: used_by(_place(type_, people.scope), type_, items, period)
        for type_, items in ids.items()
    }
    names = people.names(
        {user for found in used.values() for uses in found.values() for user in uses}
    )
    for row in some:
        yield from parts(row, used[row.type].get(row.id, {}), names)


def _place(type_: str, scope: Scope) -> str:
    """Return in which scope the use of something must count: files and records in a community's."""
    return scope.id if scope.kind == "community" and type_ != COMMUNITY else GLOBAL


def parts(row: Row, used: Mapping[int, OfUser], names: Mapping[int, str]) -> Iterator[UserRow]:
    """Yield the parts of a row: those with names, all others together, and what is nobody's."""
    left = _of(row)
    hidden: list[OfUser] = []
    for user, one in sorted(used.items(), key=_order):
        use = Use(*map(min, one.use, left))
        left = Use(*(all_ - part for all_, part in zip(left, use, strict=True)))
        if user in names and any(use):
            yield UserRow(_part(row, one._replace(use=use)), names[user], str(user))
        elif any(use):
            hidden.append(one._replace(use=use))
    if hidden:
        yield UserRow(_part(row, _together(hidden)), _("Other users"), OTHERS)
    if any(left) or not any(_of(row)):
        yield UserRow(_part(row, OfUser(left, None, None)), _("Anonymous"), NOBODY)


def _of(row: Row) -> Use:
    """Return the numbers of a row; what does not apply is nothing."""
    return Use(*(getattr(row, name) or 0 for name in NUMBERS))


def _order(one: tuple[int, OfUser]) -> tuple[int, int, int]:
    """Return what the users of a row are ordered by: most downloads, most views, id."""
    user, used = one
    return -used.use.downloads, -used.use.views, user


def _part(row: Row, used: OfUser) -> Row:
    """Return a row with numbers of a part of it; times are days."""
    numbers = {n: v for n, v in used.use._asdict().items() if getattr(row, n) is not None}
    days = {name: getattr(used, name) for name, of in DAYS.items() if of in numbers}
    return row._replace(**(dict.fromkeys(TIMES) | days), **numbers)


def _together(some: Iterable[OfUser]) -> OfUser:
    """Return what several users have used."""
    uses, viewed, downloaded = zip(*some, strict=True)
    total = Use(*map(sum, zip(*uses, strict=True)))
    return OfUser(total, _last(viewed), _last(downloaded))


def _last(days: Iterable[date | None]) -> date | None:
    """Return the last of some days, if there is any."""
    return max((day for day in days if day), default=None)
