# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Steps of a history, and strategies that draw them.

Whatever a step is about it names by a number, taken modulo what there is when it is carried out:
so any list of steps is a history, and shrinking may drop any of them.
"""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from ..oracle.random_history import COUNTRIES, DAY, FILES, OWNERS, REFERRERS, SINGLE, VALUES


@dataclass(frozen=True)
class Step:
    """Happen some seconds after the step before."""

    pause: int


@dataclass(frozen=True)
class Publish(Step):
    """Publish a work; ``hidden``: the ledger learns of it only when it is reconciled."""

    owner: str
    communities: frozenset[int]
    values: dict[str, list[str]]
    files: dict[str, int]
    public: bool
    published: int | date | None
    age: int
    hidden: bool


@dataclass(frozen=True)
class Version(Step):
    """Publish a version of a work."""

    work: int
    files: dict[str, int]
    published: int | date | None


@dataclass(frozen=True)
class Edit(Step):
    """Change one property of a record."""

    record: int
    values: dict[str, list[str]]


@dataclass(frozen=True)
class Access(Step):
    """Put a record under embargo, lift it, or restrict the metadata."""

    record: int
    public: bool
    embargoed: bool


@dataclass(frozen=True)
class Files(Step):
    """Give a record other files."""

    record: int
    files: dict[str, int]


@dataclass(frozen=True)
class Redate(Step):
    """Give a record another publication date."""

    record: int
    published: int | date | None


@dataclass(frozen=True)
class Owner(Step):
    """Give a work another owner."""

    work: int
    owner: str


@dataclass(frozen=True)
class Join(Step):
    """Let a work join a community."""

    work: int
    community: int


@dataclass(frozen=True)
class Leave(Step):
    """Let a work leave one of its communities."""

    work: int
    community: int


@dataclass(frozen=True)
class JoinAll(Step):
    """Let every work join a community in one second."""

    community: int


@dataclass(frozen=True)
class Dissolve(Step):
    """Let every work leave a community in one second."""

    community: int


@dataclass(frozen=True)
class Delete(Step):
    """Delete a record."""

    record: int


@dataclass(frozen=True)
class Restore(Step):
    """Restore a deleted record."""

    record: int


@dataclass(frozen=True)
class Use(Step):
    """View a record or download one of its files; ``back``: so many seconds ago, known now."""

    record: int
    file: int | None
    back: int
    visitor: int
    country: str | None
    referrer: str | None
    stranger: bool
    times: int


@dataclass(frozen=True)
class Repeat(Step):
    """Index an event for a second time, under its id."""

    event: int


@dataclass(frozen=True)
class Retract(Step):
    """Delete an event."""

    event: int


@dataclass(frozen=True)
class Reconcile(Step):
    """Let the ledger learn of hidden records."""


@dataclass(frozen=True)
class Run(Step):
    """Aggregate."""


@dataclass(frozen=True)
class Refresh(Step):
    """Aggregate the open day only."""


@dataclass(frozen=True)
class Night(Step):
    """Compare the counts of days."""


@dataclass(frozen=True)
class Restart(Step):
    """Go on in another worker, which knows nothing yet."""


PAUSES = st.sampled_from((3_600, 0, 0, 1, 600, DAY // 2, DAY, 3 * DAY, 17 * DAY))
BACK = st.sampled_from((0, 0, 0, 1, 3_600, DAY, 5 * DAY, 45 * DAY, 200 * DAY))
NUMBERS = st.integers(0, 7)
COMMUNITIES = st.integers(0, 2)
PUBLISHED = st.one_of(
    st.just(0),
    st.sampled_from((-400, -31, -1, 1, 20, 500)),
    st.none(),
    st.sampled_from((date(1999, 1, 1), date(1899, 12, 31), date(1850, 2, 28), date(1400, 1, 1))),
)
HELD = st.dictionaries(st.sampled_from(FILES), st.integers(1, 5_000), max_size=3)
OWNER = st.sampled_from(OWNERS)


def _keys(dimension: str) -> st.SearchStrategy[list[str]]:
    """Return a strategy for the keys of a record in one dimension."""
    most = 1 if dimension in SINGLE else 3
    return st.lists(st.sampled_from(VALUES[dimension]), max_size=most, unique=True)


METADATA = st.dictionaries(st.sampled_from(list(VALUES)), st.none(), max_size=5).flatmap(
    lambda chosen: st.fixed_dictionaries({id_: _keys(id_) for id_ in chosen})
)


def _step(kind: type[Step], **fields: st.SearchStrategy) -> st.SearchStrategy[Step]:
    return st.builds(kind, pause=PAUSES, **fields)


PUBLISH = _step(
    Publish,
    owner=OWNER,
    communities=st.frozensets(COMMUNITIES, max_size=2),
    values=METADATA,
    files=HELD,
    public=st.sampled_from((True, True, True, False)),
    published=PUBLISHED,
    age=st.sampled_from((0, 0, 60, 2 * DAY)),
    hidden=st.sampled_from((False, False, False, True)),
)
USE = _step(
    Use,
    record=NUMBERS,
    file=st.one_of(st.none(), st.integers(0, 2)),
    back=BACK,
    visitor=st.integers(0, 4),
    country=st.sampled_from(COUNTRIES),
    referrer=st.sampled_from(REFERRERS),
    stranger=st.sampled_from((False,) * 9 + (True,)),
    times=st.integers(1, 3),
)
CHANGES = (
    _step(Version, work=NUMBERS, files=HELD, published=PUBLISHED),
    _step(Edit, record=NUMBERS, values=METADATA),
    _step(Access, record=NUMBERS, public=st.booleans(), embargoed=st.booleans()),
    _step(Files, record=NUMBERS, files=HELD),
    _step(Redate, record=NUMBERS, published=PUBLISHED),
    _step(Owner, work=NUMBERS, owner=OWNER),
    _step(Join, work=NUMBERS, community=COMMUNITIES),
    _step(Leave, work=NUMBERS, community=COMMUNITIES),
    _step(JoinAll, community=COMMUNITIES),
    _step(Dissolve, community=COMMUNITIES),
    _step(Delete, record=NUMBERS),
    _step(Restore, record=NUMBERS),
)
MACHINERY = (
    _step(Repeat, event=st.integers(0, 30)),
    _step(Retract, event=st.integers(0, 30)),
    _step(Reconcile),
    *[_step(Run)] * 3,
    _step(Refresh),
    _step(Night),
    _step(Restart),
)
WEIGHTED = (*[PUBLISH] * 2, *[USE] * 8, *CHANGES, *MACHINERY)
STEP = st.integers(0, len(WEIGHTED) - 1).flatmap(WEIGHTED.__getitem__)
STEPS = st.tuples(
    st.lists(PUBLISH, min_size=1, max_size=6), *[st.lists(STEP, max_size=14)] * 8
).map(lambda chapters: [step for chapter in chapters for step in chapter])
"""Some forty steps, in chapters: a single list would be short, or could not shrink."""
