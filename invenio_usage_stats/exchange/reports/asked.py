# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What is asked of a report: of which things, of which days, in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from marshmallow import Schema, fields

from ...errors import InvalidQueryError
from ...reader.periods import FIRST_DAY, Period, today
from ...services.schemas import TRUTH, Day, one_of, read_with

Kind = Literal["communities", "records", "files"]
KINDS: tuple[Kind, ...] = ("communities", "records", "files")
"""Of what there are rows; a report of everything has them in this order."""
ALIASES: dict[str, Kind] = {"collections": "communities", "datasets": "records"}
"""Other names of kinds in addresses, which Clowder uses."""
USED, CREATED = "used", "created"
NUMBERS = ("downloads", "views", "volume")
TIMES = ("first_viewed", "last_viewed", "last_downloaded")


class AskedSchema(Schema):
    """Know the parameters of a report; unknown ones are refused."""

    scope = fields.String()
    since = Day()
    until = Day()
    date_field = fields.String(validate=one_of((USED, CREATED)))
    include_zero = fields.String(validate=one_of((*TRUTH, "1", "0")))
    sort = fields.String(validate=one_of((*NUMBERS, *TIMES)))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Be the parameters of a report, checked."""

    kinds: tuple[Kind, ...]
    scope: str | None = None
    """As it stands in addresses; none for what the reader has a right to (see ``rights``)."""
    since: date | None = None
    until: date | None = None
    date_field: str = USED
    """Whether bounds are those of the use, or of the creation of what was used."""
    include_zero: bool = False
    sort: str = NUMBERS[0]
    """What rows are ordered by, the largest number or the latest time first."""

    @classmethod
    def read(cls, kinds: Sequence[Kind], given: Mapping[str, Sequence[str] | str]) -> "Asked":
        """Return what parameters ask for; raises ``InvalidQueryError``."""
        data: dict[str, Any] = read_with(AskedSchema(), given)
        data["include_zero"] = data.get("include_zero") in (TRUTH[0], "1")
        asked = cls(kinds=tuple(kinds), **data)
        if asked.bounds.since > asked.bounds.until:
            raise InvalidQueryError("since", f"{asked.since} is after until {asked.until}.")
        return asked

    @property
    def bounds(self) -> Period:
        """Return the days that are asked for, up to the present one."""
        return Period(self.since or FIRST_DAY, self.until or max(today(), self.since or FIRST_DAY))

    @property
    def used(self) -> Period:
        """Return the days whose use counts."""
        return self.bounds if self.date_field == USED else Period(FIRST_DAY, today())

    @property
    def created(self) -> Period | None:
        """Return the days on which what is listed was created; none for any."""
        return self.bounds if self.date_field == CREATED else None
