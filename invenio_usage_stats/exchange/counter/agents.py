# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The versions of the lists of robots and machines, and by which of them events are judged.

They lie in the database, so that all workers use the same, and so that a month can be judged by a
list of any time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.dialects.postgresql import insert

from ...errors import AgentListError, SetupError
from ...ledger.models import utc_now
from .agent_lists import AgentList, Patterns, bundled, check, check_published, parsed, separated
from .models import CounterAgents

LISTS = CounterAgents.__table__
BUNDLED = "counter-robots"
"""Where a list came from that is part of an installed package."""
PATIENCE = 30
"""Seconds to wait for a list from the network."""
LONGEST = LISTS.c.version.type.length
"""How long the name of a version may be."""
LARGEST = 2 << 20
"""Bytes that a list may have."""


def versions() -> list[dict[str, Any]]:
    """Return all versions, the present one first, with the numbers of their patterns."""
    query = sa.select(LISTS).order_by(LISTS.c.since.desc(), LISTS.c.version)
    with db.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        row |= {name: len(row[name].splitlines()) for name in ("robots", "machines")}
    return rows


def current() -> AgentList:
    """Return the list by which events are judged now; raise ``SetupError`` when there is none."""
    row = _find(sa.true())
    if row is None:
        raise SetupError("There is no list of robots: run 'invenio usage-stats setup'.")
    return _loaded(row["version"], row["robots"], row["machines"])


def of_version(version: str) -> AgentList:
    """Return the list of a version; raise ``AgentListError`` when it is not known."""
    row = _find(LISTS.c.version == version)
    if row is None:
        known = ", ".join(one["version"] for one in versions())
        raise AgentListError(f"There is no list {version!r}; known are {known or 'none'}.")
    return _loaded(row["version"], row["robots"], row["machines"])


def verdict(agent: str, version: str) -> tuple[bool, bool]:
    """Return whether a version takes the program of a stored name for a robot, for a machine."""
    return of_version(version).judge_program(agent)


def adopt_bundled() -> str:
    """Use the lists that come with the installed package from now on; return their version."""
    version, patterns = bundled()
    return adopt(version, patterns, BUNDLED)


def adopt_published(source: str, machines_source: str | None, version: str | None) -> str:
    """Use a published list from now on, and return its version.

    ``source``: a file or an address of robots, with or without machines among them;
    ``machines_source``: one of machines; none for those of the present list;
    ``version``: its name, by default its day.
    """
    today = datetime.now(UTC).date()
    found, dated = parsed(fetched(source), today)
    if machines_source:
        machines, _day = parsed(fetched(machines_source), today)
    else:
        machines = _find(sa.true(), required=True)["machines"].splitlines()
    patterns = separated(found, machines, dated)
    check_published(patterns)
    return adopt(version or f"{dated}", patterns, source)


def adopt(version: str, patterns: Patterns, source: str) -> str:
    """Use a list from now on, and return its version; one that is known stays as it is.

    Raises ``AgentListError`` when it cannot be right, or is another one of the same name.
    """
    check(patterns)
    if len(version) > LONGEST:
        raise AgentListError(f"A name has at most {LONGEST} letters.")
    texts = {"robots": "\n".join(patterns.robots), "machines": "\n".join(patterns.machines)}
    known = _find(LISTS.c.version == version)
    if known is not None and any(known[name] != text for name, text in texts.items()):
        raise AgentListError(f"There is another list {version!r}: give this one a name by --name.")
    row = {"version": version, "dated": patterns.dated, "source": source, **texts}
    statement = insert(LISTS).values(**row, since=utc_now())
    changed = {"since": statement.excluded.since}
    with db.engine.begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["version"], set_=changed)
        )
    return version


def fetched(source: str) -> str:
    """Return the text of a file or an address; raise ``AgentListError`` when it has none."""
    try:
        body = _read(source)
        text = body[:LARGEST].decode()
    except (OSError, HTTPException, ValueError) as error:
        raise AgentListError(f"{source} cannot be read: {error}") from error
    if len(body) > LARGEST:
        raise AgentListError(f"{source} is too large for a list.")
    return text


def _read(source: str) -> bytes:
    """Return the bytes of a file or an address, at most one more than a list may have."""
    if source.startswith(("http://", "https://")):
        with urlopen(source, timeout=PATIENCE) as answer:
            return answer.read(LARGEST + 1)
    with Path(source).open("rb") as file:
        return file.read(LARGEST + 1)


def _find(condition: sa.ColumnElement[bool], required: bool = False) -> Mapping[str, Any] | None:
    """Return the last list that meets a condition."""
    query = sa.select(LISTS).where(condition).order_by(LISTS.c.since.desc()).limit(1)
    with db.engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None and required:
        raise AgentListError("There is no list of machines yet: say which one by --machines.")
    return row


@lru_cache(16)
def _loaded(version: str, robots: str, machines: str) -> AgentList:
    """Return a list that is ready to judge, made once in the life of a process."""
    return AgentList(version, robots.splitlines(), machines.splitlines())
