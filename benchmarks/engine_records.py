# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A synthetic repository: records, what they say of themselves, and their communities; seeded.

A record depends on its number, the seed and the number of communities only, so a larger
repository begins with the records of a smaller one.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5
from zlib import crc32

BEGINNING = datetime(2015, 1, 1)
"""All records are published in the year that begins here, so before the first event."""
EXTENSIONS = 60
WORDS = ("measured", "record", "of", "a", "synthetic", "repository", "with", "values", "drawn")


class Zipf:
    """Draw 0..size-1, small numbers most."""

    def __init__(self, size: int, power: float = 1.0) -> None:
        self.size = size
        self._bounds = list(accumulate((n + 1) ** -power for n in range(size)))

    def at(self, fraction: float) -> int:
        """Return the number at a fraction [0, 1) of the weight."""
        return min(bisect_left(self._bounds, fraction * self._bounds[-1]), self.size - 1)


@dataclass(frozen=True)
class Size:
    """Say how large a repository is.

    ``idle``: how many further records there are, in communities of their own (``idle_scopes``),
    for which nothing ever happens.
    """

    records: int
    communities: int
    idle: int = 0
    idle_scopes: int = 0
    seed: int = 1


class File(NamedTuple):
    """Be a file of a record."""

    key: str
    size: int


class Record(NamedTuple):
    """Be a published record as the database would have it."""

    number: int
    created: datetime
    communities: tuple[str, ...]
    json: dict[str, Any]
    parent: dict[str, Any]
    files: tuple[File, ...]
    edited: dict[str, Any] | None
    """Its JSON after an edit, for one record in ten."""


def fraction(number: int, salt: str) -> float:
    """Return a number in [0, 1) that looks random."""
    return crc32(f"{salt}:{number}".encode()) / (1 << 32)


def lead(number: int) -> int:
    """Return the first version of a record's work: one record in seven is a second version."""
    return number - (number % 7 == 6)


def recid(number: int) -> str:
    """Return the public id of a record."""
    return f"r{number:06d}-bench"


def parent_recid(number: int) -> str:
    """Return the public id of a record's work."""
    return f"p{lead(number):06d}-bench"


def uuid_of(name: str) -> UUID:
    """Return the UUID of something that has a name."""
    return uuid5(NAMESPACE_OID, name)


def community(rank: int) -> str:
    """Return the UUID of the community of a rank, 0 being the largest."""
    return str(uuid_of(f"community {rank}"))


_FILES = Zipf(20, 1.5)
_EXTENSION = Zipf(EXTENSIONS)


def files_of(number: int) -> tuple[File, ...]:
    """Return the files of a record."""
    count = 1 + _FILES.at(fraction(number, "files"))
    return tuple(
        File(
            f"file-{n}.ext{_EXTENSION.at(fraction(number, f'extension {n}'))}",
            10_000 + int(2_000_000_000 * fraction(number, f"size {n}") ** 4),
        )
        for n in range(count)
    )


class Repository:
    """Draw records."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self._scopes = Zipf(size.communities)
        self._pools = {n: (Zipf(n), Zipf(min(n, 200))) for n in _POOLS}

    @property
    def count(self) -> int:
        """Return the number of records."""
        return self.size.records + self.size.idle

    @cached_property
    def communities(self) -> list[str]:
        """Return the UUIDs of all communities, by rank."""
        return [community(n) for n in range(self.size.communities + self.size.idle_scopes)]

    def ranks_of(self, number: int) -> tuple[int, ...]:
        """Return the ranks of a record's communities: one, or for three in ten two."""
        number = lead(number)
        if number >= self.size.records:
            return (self.size.communities + number % self.size.idle_scopes,)
        first = self._scopes.at(fraction(number, "first"))
        if fraction(number, "lone") < 0.7:
            return (first,)
        return tuple(dict.fromkeys((first, self._scopes.at(fraction(number, "second")))))

    def records(self) -> Iterator[Record]:
        """Yield all records."""
        return (self.record(number) for number in range(self.count))

    def record(self, number: int) -> Record:
        """Return one record."""
        draw = Random(f"{self.size.seed}:{number}")
        ranks = self.ranks_of(number)
        json = {"id": recid(number), **self._properties(draw, ranks[0])}
        edited = None
        if fraction(number, "edited") < 0.1:
            changed = {"subjects": self._subjects(draw, ranks[0])}
            edited = {**json, "metadata": {**json["metadata"], **changed}}
        owner = {"owned_by": {"user": 1 + int(2_000 * draw.random() ** 3)}}
        return Record(
            number,
            BEGINNING + timedelta(seconds=int(365 * 86_400 * fraction(number, "created"))),
            tuple(self.communities[rank] for rank in ranks),
            json,
            {"id": parent_recid(number), "access": owner},
            files_of(number),
            edited,
        )

    def _some(self, draw: Random, rank: int, pool: int, count: int = 1) -> list[int]:
        """Draw different values; half of them are typical of the record's community."""
        common, own = self._pools[pool]
        drawn = [
            common.at(draw.random())
            if draw.random() < 0.5
            else (own.at(draw.random()) + rank * 7_919) % pool
            for _ in range(count)
        ]
        return list(dict.fromkeys(drawn))

    def _subjects(self, draw: Random, rank: int) -> list[dict[str, str]]:
        """Return subjects of a vocabulary, and free ones."""
        terms = self._some(draw, rank, 20_000, 4)
        mesh = [
            {"id": f"http://id.nlm.nih.gov/mesh/D{n:06}", "subject": f"Term {n}"} for n in terms
        ]
        return [
            *mesh,
            *({"subject": f"keyword number {n}"} for n in self._some(draw, rank, KEYS, 5)),
        ]

    def _properties(self, draw: Random, rank: int) -> dict[str, Any]:
        """Return the properties of a record that statistics read."""

        def one(pool: int) -> int:
            return self._some(draw, rank, pool)[0]

        places = [
            {"id": f"0{n:08x}", "name": f"University {n}"}
            for n in self._some(draw, rank, 20_000, 6)
        ]
        people = [{"person_or_org": _person(draw), "affiliations": [place]} for place in places]
        restricted = draw.random() < 0.02
        published = f"{2013 + int(2 * draw.random())}-{1 + int(12 * draw.random()):02}"
        metadata = {
            "resource_type": {"id": f"type-{one(30)}"},
            "publication_date": published,
            "languages": [{"id": f"l{one(100):02}"}],
            "rights": [{"id": f"cc-by-{one(50)}"}],
            "creators": people[:4],
            "contributors": people[4:],
            "funding": [
                {
                    "funder": {"id": f"1{one(3_000):08x}", "name": "Funder"},
                    "award": {"id": f"00k4n6c32::{one(30_000):09}", "number": "1"},
                }
            ],
            "subjects": self._subjects(draw, rank),
            "publisher": f"Publisher {one(5_000)} Press",
        }
        return {
            "access": {
                "record": "restricted" if restricted else "public",
                "files": "restricted" if restricted or draw.random() < 0.1 else "public",
            },
            "files": {"enabled": True},
            "metadata": metadata,
            "custom_fields": {"journal:journal": {"title": f"Journal of Studies {one(8_000)}"}},
        }


KEYS = 300_000
_POOLS = (30, 50, 100, 3_000, 5_000, 8_000, 20_000, 30_000, KEYS)


def _person(draw: Random) -> dict[str, str]:
    """Return a person."""
    number = draw.randrange(100_000)
    return {"type": "personal", "family_name": f"Family{number}", "given_name": f"Given{number}"}


def indexed(record: Record) -> dict[str, Any]:
    """Return a record as the repository's own search index has it, 5-8 kB."""
    draw = Random(record.number)
    json, created = record.json, record.created.isoformat()
    text = " ".join(draw.choices(WORDS, k=450))
    entries = [
        {"key": f.key, "size": f.size, "ext": f.key.rpartition(".")[2], "mimetype": "text/plain"}
        for f in record.files
    ]
    return {
        **json,
        "uuid": str(uuid_of(recid(record.number))),
        "created": created,
        "updated": created,
        "version_id": 1,
        "is_published": True,
        "parent": {**record.parent, "communities": {"ids": list(record.communities)}},
        "files": {
            "enabled": True,
            "count": len(entries),
            "totalbytes": sum(file.size for file in record.files),
            "entries": entries,
        },
        "metadata": {
            **json["metadata"],
            "title": text[:80],
            "description": text,
            "references": [
                {"reference": text[start : start + 120]} for start in range(0, 900, 100)
            ],
        },
    }
