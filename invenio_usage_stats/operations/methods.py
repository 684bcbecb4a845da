# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The method by which usage is counted: what it is now, and since when.

It is the repository's: invenio-stats recognises robots, joins double clicks, makes sessions and
looks up countries while it stores events, and what is stored stays. So a change of it cuts a
series in two. Settings of ours are no part of it: they act on what is read, or on documents that
are made anew, for all days alike.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from counter_robots import __version__ as robots_version
from geolite2 import geolite2
from invenio_db import db
from invenio_stats.processors import anonymize_user, flag_robots
from invenio_stats.proxies import current_stats
from maxminddb import InvalidDatabaseError
from sqlalchemy.dialects.postgresql import insert

from ..indices import EVENT_PREFIX, USAGE_EVENTS
from ..reader.methods import DOUBLE_CLICKS, LOCATIONS, METHODS, PREPARATION, ROBOTS, SESSIONS
from ..reader.periods import today

SESSION_MINUTES = "session_minutes"
"""By this attribute a function of an instance's own may say how long its sessions are."""
STOCK_MINUTES = 60
"""How long sessions of invenio-stats' own function are."""

Part = tuple[str, str]
"""A part of the method: its name, and the kind of events; an empty kind stands for all."""


def present_method() -> dict[Part, str]:
    """Return what is known of the present method."""
    found: dict[Part, str] = {}
    for kind, alias in USAGE_EVENTS.items():
        event = current_stats.events.get(alias.removeprefix(EVENT_PREFIX))
        if event is not None:
            found |= _of_indexer(kind, event.cls(**event.params))
    return found


def note_method() -> list[Part]:
    """Note what differs from the method that was noted last, and return it.

    The first note of a part is no change. What is not known any more stays as it was noted.
    """
    now, noted = present_method(), _noted()
    changed = [part for part, value in now.items() if noted.get(part) != value]
    if changed:
        note_changes((part, noted.get(part), now[part]) for part in changed)
    return changed


def note_changes(changes: Iterable[tuple[Part, str | None, str]]) -> None:
    """Note what was until now, and what is from today on.

    A day has one row of a part, from the method before it to its last one: whoever notes the same
    at the same moment adds nothing.
    """
    rows = [
        {"name": name, "kind": kind, "day": today(), "before": before, "after": after}
        for (name, kind), before, after in changes
    ]
    statement = insert(METHODS).values(rows)
    values = {
        "before": sa.func.coalesce(METHODS.c.before, METHODS.c.after),
        "after": statement.excluded.after,
    }
    with db.engine.begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(constraint=METHODS.primary_key, set_=values)
        )


def _of_indexer(kind: str, indexer: Any) -> dict[Part, str]:
    """Return the method of what indexes a kind of events; a class of one's own may lack some."""
    found = _of_functions(kind, getattr(indexer, "preprocessors", ()))
    window = getattr(indexer, "double_click_window", None)
    if window is not None:
        found[DOUBLE_CLICKS, kind] = f"{window:g}"
    return found


def _of_functions(kind: str, functions: Iterable[Callable]) -> dict[Part, str]:
    """Return the method of the functions that an event goes through."""
    functions = list(functions)
    bare = [_bare(function) for function in functions]
    values = {
        (PREPARATION, kind): ", ".join(map(_text, functions)),
        (ROBOTS, ""): robots_version if flag_robots in bare else None,
        (LOCATIONS, ""): _locations() if anonymize_user in bare else None,
        (SESSIONS, kind): next((m for m in map(_session_minutes, bare) if m), None),
    }
    return {part: value for part, value in values.items() if value}


def _bare(function: Callable) -> Callable:
    """Return a function without arguments that were given to it beforehand."""
    return _bare(function.func) if isinstance(function, partial) else function


def _text(function: Callable) -> str:
    """Return a function as text, with arguments that were given to it beforehand."""
    bare = _bare(function)
    name = getattr(bare, "__name__", type(bare).__name__)
    given = function.keywords if isinstance(function, partial) else {}
    options = ", ".join(f"{key}={value}" for key, value in given.items())
    return f"{name}({options})" if options else name


def _session_minutes(function: Callable) -> str | None:
    """Return how long the sessions are that a function makes, if it makes some."""
    stock = STOCK_MINUTES if function is anonymize_user else None
    minutes = getattr(function, SESSION_MINUTES, stock)
    return None if minutes is None else f"{minutes:g}"


def _locations() -> str | None:
    """Return which database knows countries, and when it was built; none without a database."""
    try:
        known = geolite2.reader().metadata()
    except (OSError, InvalidDatabaseError):
        return None
    return f"{known.database_type} {datetime.fromtimestamp(known.build_epoch, UTC).date()}"


def _noted() -> dict[Part, str]:
    """Return what was noted last of each part."""
    query = sa.select(METHODS.c.name, METHODS.c.kind, METHODS.c.after).order_by(METHODS.c.day)
    with db.engine.connect() as connection:
        return {(row.name, row.kind): row.after for row in connection.execute(query)}
