# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Errors.

UsageStatsError
 +- CatalogError          two entries of one name, or an unknown one
 +- InvalidQueryError     a parameter is malformed; the message says what is allowed
 +- UnknownScopeError     no such community, or one that the reader may not see
 +- UnanswerableError     the question is well-formed, but has no exact answer; the message says why
 |   +- CostError         answering would cost more than is allowed
 |   +- TooManyDaysError  single events of so many days are not counted
 +- ShareError            a share link is forged, expired, revoked, or its scope is gone
 +- HubError              the hub does not take a report; the message says why
 |   +- HubAwayError      the hub does not answer at the moment, or is too busy
 +- SetupError            templates, tables or indices are not as they must be
 +- EventsGoneError       events that were counted are not there: nothing must be overwritten
 +- LeaseLostError        another run holds the lease by now
 +- DatabaseError         the database does not answer
 +- SearchEngineError     the search engine is away, full or overloaded: nothing can be written
 +- RejectedEntriesError  the projection of some records was rejected; all others are written
 +- MonthError            a month cannot be counted or switched; the message says why
 +- RejectedError         so many documents were rejected that something general must be wrong
 +- AgentListError        a list of robots and machines is unknown, or cannot be right
 +- UnreadableEventError  an event does not say what every event must say
 +- UnreadableReportError  a request that should report something cannot be read
 +- ConsumerError         a program cannot be registered so; the message says why
 +- RefusedHitError       something reported says what nobody, or not everybody, may say
"""

from typing import Any

from invenio_i18n import lazy_gettext as _


class UsageStatsError(Exception):
    """Be the root of all errors of this package."""


class CatalogError(UsageStatsError, LookupError):
    """Say that the catalog is inconsistent, or that it lacks an entry."""


class InvalidQueryError(UsageStatsError, ValueError):
    """Say which parameter of a question is wrong, and what is allowed."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.reason = message


class UnknownScopeError(UsageStatsError, LookupError):
    """Say that a scope does not exist or is not to be read by this identity."""


class NotOptedInError(UnknownScopeError):
    """Say that a community has not decided to show its statistics."""


class UnanswerableError(UsageStatsError):
    """Say why a well-formed question has no exact answer, in the reader's language."""

    def __init__(self, text: Any, **values: Any) -> None:
        """Take a sentence that is translated late, and the values that stand in it."""
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        """Return the sentence."""
        return str(self.text) % self.values if self.values else str(self.text)


class CostError(UnanswerableError):
    """Say what a question would cost (days x values), and how much is allowed."""

    def __init__(self, cost: int, limit: int) -> None:
        super().__init__(
            _(
                "This would take %(cost)s steps (days x values), at most %(limit)s are allowed: "
                "ask for a shorter period, a longer interval or fewer values."
            ),
            cost=cost,
            limit=limit,
        )
        self.cost = cost
        self.limit = limit


class TooManyDaysError(UnanswerableError):
    """Say that single events of so many days are not counted."""

    def __init__(self, days: int, most: int) -> None:
        super().__init__(
            _(
                "This combination is counted from single events, for at most %(most)s days; "
                "these are %(days)s."
            ),
            days=days,
            most=most,
        )
        self.days = days
        self.most = most


class ShareError(UsageStatsError):
    """Say that a share link is not valid, or not any more."""


class HubError(UsageStatsError):
    """Say why the hub has not taken a report; ``status`` is that of its answer."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class HubAwayError(HubError):
    """Say that the hub may take later what it has not taken now."""


class SetupError(UsageStatsError):
    """Say that the search engine or the database lacks what ``setup`` creates."""


class EventsGoneError(UsageStatsError):
    """Say that a day cannot be counted anew, since events of it are gone."""


class LeaseLostError(UsageStatsError):
    """Say that a run may not write any more."""


class DatabaseError(UsageStatsError):
    """Say that the database does not answer."""


class SearchEngineError(UsageStatsError):
    """Say why the search engine cannot be used at all, and what to do."""


class RejectedEntriesError(UsageStatsError):
    """Say of how many records ledger entries could not be projected, and why."""


class MonthError(UsageStatsError):
    """Say why a month cannot be counted by COUNTER's rules, or shown by another count."""


class RejectedError(UsageStatsError):
    """Say that the search engine rejects documents one after the other."""


class AgentListError(UsageStatsError):
    """Say why a list of robots and machines cannot be used."""


class UnreadableEventError(UsageStatsError):
    """Say what an event lacks, without telling anything of who caused it."""


class UnreadableReportError(UsageStatsError):
    """Say why a request that should report something cannot be read."""


class RefusedHitError(UsageStatsError):
    """Say for which reason something that was reported is refused."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConsumerError(UsageStatsError):
    """Say which entry about a program that is to be registered is wrong, and why."""

    def __init__(self, entry: str, message: str) -> None:
        super().__init__(message)
        self.entry = entry
