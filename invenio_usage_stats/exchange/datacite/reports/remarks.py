# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a report says about itself: the exceptions of SUSHI, and that of the hub.

CoP RD, appendix B: numbers, messages and severities are fixed, the data is free.
"""

from typing import Any, NamedTuple

FATAL, ERROR, WARNING = "fatal", "error", "warning"
HELP = "https://coprd.countermetrics.org/en/1.0.1/appendices/b-errors.html"


class Kind(NamedTuple):
    """Be a kind of exception; ``status`` is that of the answer when there is no report."""

    code: int
    severity: str
    message: str
    status: int = 200
    help_url: str = HELP

    def about(self, data: str = "") -> "Remark":
        """Return an exception of this kind."""
        return Remark(self, data)

    def refusal(self, data: str = "") -> "Remark":
        """Return an exception that leaves no report where others of its kind are warnings."""
        return Remark(self._replace(severity=ERROR), data)


class Remark(NamedTuple):
    """Be one exception of a report."""

    kind: Kind
    data: str = ""

    @property
    def ends(self) -> bool:
        """Tell whether there is no report because of it."""
        return self.kind.severity in (FATAL, ERROR)

    def to_dict(self) -> dict[str, Any]:
        """Return it as it stands in headers."""
        shown = {
            "code": self.kind.code,
            "severity": self.kind.severity,
            "message": self.kind.message,
            "help-url": self.kind.help_url,
        }
        return {**shown, "data": self.data} if self.data else shown

    def __str__(self) -> str:
        """Return it as it stands in tabular reports (CoP RD section 6.2.1)."""
        text = f"{self.kind.code}: {self.kind.message}"
        return f"{text} ({self.data})" if self.data else text


COMPRESSED = Kind(
    69,
    WARNING,
    "Report is compressed using gzip",
    help_url="https://github.com/datacite/sashimi",
)
"""The hub's own: without it, what is compressed is not read."""
NO_API_VIEWS = Kind(101, WARNING, "Machine Investigations Are Incomplete")
"""Our own: InvenioRDM drops views by its API before anybody can count them."""
UNAVAILABLE = Kind(1000, FATAL, "Service Not Available", 503)
TOO_MANY = Kind(1020, FATAL, "Client Has Made Too Many Requests", 429)
NO_REPORT = Kind(3000, ERROR, "Report Not Supported", 404)
NO_RELEASE = Kind(3010, ERROR, "Report Version Not Supported", 404)
BAD_DATES = Kind(3020, ERROR, "Invalid Date Arguments", 400)
NO_USAGE = Kind(3030, ERROR, "No Usage Available for Requested Dates")
NOT_READY = Kind(3031, WARNING, "Usage Not Ready for Requested Dates")
PARTIAL = Kind(3040, WARNING, "Partial Data Returned")
UNKNOWN_PARAMETER = Kind(3050, WARNING, "Parameter Not Recognized in this Context")
BAD_FILTER = Kind(3060, WARNING, "Invalid ReportFilter Value")
MIXED_FILTER = Kind(3061, WARNING, "Incongruous ReportFilter Value")
BAD_ATTRIBUTE = Kind(3062, WARNING, "Invalid ReportAttribute Value")
MISSING_FILTER = Kind(3070, ERROR, "Required ReportFilter Missing", 400)
