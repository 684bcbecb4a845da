# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sending the reports of months to the hub, so that each number arrives once."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app

from ....aggregations.running.leases import hold
from ....errors import HubAwayError, HubError, SetupError
from ...counter.months import MonthState, states
from ..reports.reporter import reporter
from . import sent
from .client import Hub
from .parts import MonthReport, Part, write

LEASE = "counter-hub"
PAUSES = (1, 2, 4, 8, 16, 32, 60, 60)
"""Seconds to wait before each repetition: the hub often fails for a moment."""


def counted(month: str) -> MonthState:
    """Return how a month was counted; raise ``SetupError`` when it was not."""
    for state in states():
        if state.month == month:
            return state
    raise SetupError(f"{month} is not counted.")


def send(month: str, dry_run: bool = False) -> Iterator[str]:
    """Send the report of a month, and yield a line for each thing done.

    ``dry_run``: only say what would be sent; the hub is not asked. Raises ``HubError``.
    """
    with TemporaryDirectory() as folder:
        report = write(counted(month), reporter(), Path(folder))
        yield from _described(report)
        if dry_run:
            yield "Nothing was sent."
            return
        with hold(LEASE) as lease:
            if lease is None:
                raise HubError("Somebody else is sending reports; nothing was sent.")
            yield from _Delivery(Hub(), report).lines()


def send_due() -> None:
    """Send all closed months whose present count the hub does not have; log what fails."""
    for state in sent.due(Hub().url, reporter().name):
        try:
            for line in send(state.month):
                current_app.logger.info("Usage statistics: %s: %s", state.month, line)
        except HubError as error:
            # One month that is refused must not hold up the others.
            current_app.logger.error("Usage statistics: %s was not sent: %s", state.month, error)


def _described(report: MonthReport) -> Iterator[str]:
    """Yield what a report is made of."""
    state = report.state
    closed = "closed" if state.closed else "not closed, so it will be replaced"
    yield f"{state.month}: {closed}, count {state.generation}, by {report.reporter.name!r}"
    how = "gzip" if report.compressed else "plain"
    for part in report.parts:
        shown = f"part {part.number} of {len(report.parts)}: {part.datasets} datasets"
        yield f"{shown}, {part.bytes} bytes ({how})"


class _Delivery:
    """Bring a report to the hub: its first part replaces what is there, all others add to it."""

    def __init__(self, hub: Hub, report: MonthReport) -> None:
        self.hub = hub
        self.report = report
        self.report_id: str | None = None

    def lines(self) -> Iterator[str]:
        """Send all parts, and yield a line for each."""
        if not self.report.parts:
            sent.note(self.hub.url, self.report, sent.NOTHING)
            yield "There is no use to be told of."
            return
        key = (self.report.reporter.name, self.report.state.month)
        self.report_id = sent.remembered(self.hub.url, *key)
        for part in self.report.parts:
            self._deliver(part)
            yield f"part {part.number}: taken as {self.report_id}"

    def _deliver(self, part: Part) -> None:
        """Send a part until it is taken; raise what the hub says last."""
        for pause in (0, *PAUSES):
            time.sleep(pause)
            try:
                if self._needed(part, again=bool(pause)):
                    self._send(part)
                return
            except HubAwayError as error:
                last = error
        raise last

    def _needed(self, part: Part, again: bool) -> bool:
        """Tell whether a part is yet to be sent, when an attempt may have been taken unseen.

        A report that we know nothing of may be there, too: another program may have sent it.
        """
        if part.number == 1:
            key = (self.report.reporter.name, self.report.state.month)
            self.report_id = self.report_id or self.hub.find(*key)
            return True
        return not (again and self.hub.has(self.report_id or "", part.checksum))

    def _send(self, part: Part) -> None:
        """Send a part once, and write down how that went."""
        replaced = self.report_id if part.number == 1 else None
        method = "PUT" if replaced else "POST"
        try:
            answer = self.hub.send(part, self.report.compressed, replaced)
        except HubError as error:
            status, reason = error.status, str(error)
            sent.note(self.hub.url, self.report, part, method, replaced, status, reason)
            raise
        self.report_id = answer.report_id
        sent.note(self.hub.url, self.report, part, method, answer.report_id, answer.status)
