# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The hub: DataCite's service that takes reports, asked by HTTP.

A report is made by POST and replaced by PUT. What is compressed is stored as it is and validated
later; a further POST with the same header adds to it.
"""

from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import jwt
import requests
from flask import current_app

from .... import __version__
from ....errors import HubAwayError, HubError
from .parts import Part

TIMEOUTS = (10, 600)
"""Seconds to wait for a connection, and for an answer: the hub checks large reports slowly."""
PAGE = 1_000
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PLAIN = {"Content-Type": "application/json"}
PACKED = {"Content-Type": "application/gzip", "Content-Encoding": "gzip"}
TOLD = 500
"""So many characters of an answer are kept."""


class Answer(NamedTuple):
    """Be how the hub took a part."""

    status: int
    report_id: str


class Hub:
    """Be the hub that is configured."""

    def __init__(self) -> None:
        """Raise ``HubError`` when the settings cannot work."""
        config = current_app.config
        self.url = checked_url(config["USAGE_STATS_COUNTER_HUB_URL"])
        token = config["USAGE_STATS_COUNTER_HUB_TOKEN"]
        claims = claims_of(token)
        self.owner = str(claims.get("client_id") or claims.get("uid") or "")
        self.expiry = expiry(claims)
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = f"invenio-usage-stats/{__version__}"

    def send(self, part: Part, compressed: bool, report_id: str | None) -> Answer:
        """Replace a report by a part, or add a part to it (no id); return how it was taken."""
        method, path = ("PUT", f"/{report_id}") if report_id else ("POST", "")
        with part.path.open("rb") as body:
            headers = PACKED if compressed else PLAIN
            answer = self._ask(method, path, data=body, headers=headers)
        return Answer(answer.status_code, _json(answer)["report"]["id"])

    def find(self, created_by: str, month: str) -> str | None:
        """Return the id of the report of a month that the hub has; none when it has none."""
        own = {"client-id": self.owner}
        lists = (
            {"created-by": created_by},
            {"queued": "true", **own},
            {"incorrect": "true", **own},
        )
        for query in lists:
            for report in self._listed(query):
                if _identity(report["report-header"]) == (created_by, month):
                    return report["id"]
        return None

    def has(self, report_id: str, checksum: str) -> bool:
        """Tell whether a report has a part that is compressed."""
        subsets = _json(self._ask("GET", f"/{report_id}"))["report"].get("report-subsets") or ()
        return any(subset["checksum"] == checksum for subset in subsets)

    def _listed(self, query: dict[str, str]) -> Any:
        """Yield the headers of the reports of a list."""
        page = pages = 1
        while page <= pages:
            paging = {"page[number]": str(page), "page[size]": str(PAGE)}
            body = _json(self._ask("GET", "", params={**query, **paging}))
            yield from body["reports"]
            page, pages = page + 1, body["meta"]["total-pages"]

    def _ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """Return the answer to a request; raise ``HubError`` when there is none, or a refusal."""
        with _reachable():
            answer = self._session.request(
                method, f"{self.url}/reports{path}", timeout=TIMEOUTS, allow_redirects=False, **how
            )
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.status_code >= 500:
            raise HubAwayError(_reason(answer), answer.status_code)
        if not 200 <= answer.status_code < 300:
            raise HubError(_reason(answer), answer.status_code)
        return answer


@contextmanager
def _reachable() -> Any:
    """Raise ``HubAwayError`` when the hub does not answer."""
    try:
        yield
    except requests.RequestException as error:
        raise HubAwayError(f"The hub does not answer: {type(error).__name__}") from error


def checked_url(url: str) -> str:
    """Return the address of the hub; raise ``HubError`` where the token could be overheard."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise HubError(f"USAGE_STATS_COUNTER_HUB_URL must begin with https://, not {url!r}.")
    return url.rstrip("/")


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says; raise ``HubError`` when it is none, or has expired.

    Only the hub can tell whether it is genuine.
    """
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        text = "USAGE_STATS_COUNTER_HUB_TOKEN is no JSON web token; ask DataCite for one."
        raise HubError(text) from error
    end = expiry(claims)
    if end is not None and end <= datetime.now(UTC):
        raise HubError(f"The token of the hub expired on {end:%Y-%m-%d}; ask DataCite for another.")
    return claims


def expiry(claims: dict[str, Any]) -> datetime | None:
    """Return until when a token is valid; none when it does not say."""
    seconds = claims.get("exp")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None


def _identity(header: dict[str, Any]) -> tuple[str, str]:
    """Return by what the hub tells reports apart: who made it, and its month."""
    return header["created-by"], header["reporting-period"]["begin-date"][:7]


def _json(answer: requests.Response) -> dict[str, Any]:
    """Return what an answer says; raise ``HubAwayError`` when something else has answered."""
    try:
        return answer.json()
    except requests.JSONDecodeError as error:
        raise HubAwayError(f"The hub answered no JSON: {answer.text[:TOLD]}") from error


def _reason(answer: requests.Response) -> str:
    """Return why the hub has refused something, as far as it says so."""
    return f"The hub answered {answer.status_code} {answer.reason}: {answer.text[:TOLD]}"
