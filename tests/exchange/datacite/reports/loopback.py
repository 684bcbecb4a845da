# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A hub on this machine that takes and refuses what DataCite's hub takes and refuses.

It follows that one where it is not obvious, too: a plain report that is posted again is answered
like a new one and changes nothing; a compressed one is added to what is there.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from .schemas import HUB_REPORT, problems

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
MOST_BYTES = 10_000_000
MOST_DATASETS = 50_000
GZIP = 69


def token(role: str = "client_admin", key: Any = KEY, **claims: Any) -> str:
    """Return a token as DataCite issues them."""
    payload = {"uid": "test.library", "client_id": "test.library", "role_id": role, **claims}
    return jwt.encode({k: v for k, v in payload.items() if v is not None}, key, "RS256")


class RefusedError(Exception):
    """Be a refusal with a status."""

    def __init__(self, status: int, title: str) -> None:
        self.status, self.title = status, title


@dataclass
class Stored:
    """Be a report that the hub has."""

    id: str
    owner: str
    header: dict
    datasets: list[dict] = field(default_factory=list)
    subsets: list[bytes] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Return whether all that is compressed was found right: it is looked at later."""
        texts = [json.loads(gzip.decompress(subset)) for subset in self.subsets]
        return "incorrect" if any(problems(HUB_REPORT, text) for text in texts) else "correct"

    @property
    def all_datasets(self) -> list[dict]:
        packed = [json.loads(gzip.decompress(one))["report-datasets"] for one in self.subsets]
        return [*self.datasets, *(dataset for datasets in packed for dataset in datasets)]

    def answer(self) -> dict:
        checksums = [{"checksum": sha256(subset).hexdigest()} for subset in self.subsets]
        report = {"id": self.id, "report-header": self.header, "report-datasets": self.datasets}
        return {"report": {**report, "report-subsets": checksums}}


class LoopbackHub:
    """Be the hub; ``requests`` are what was asked, ``faults`` what goes wrong next."""

    def __init__(self) -> None:
        self.reports: list[Stored] = []
        self.requests: list[tuple[str, str]] = []
        self.faults: list[int | str] = []
        """Statuses to answer with; ``lost``: the answer is; ``dead``: nobody listens."""
        self.url = ""

    def stored(self, month: str) -> Stored:
        """Return the only report of a month."""
        (found,) = [one for one in self.reports if month_of(one.header) == month]
        return found

    def handle(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict]:
        """Return status and body of an answer."""
        parts = urlsplit(path)
        names = parts.path.strip("/").split("/")
        if names[0] != "reports" or len(names) > 2:
            raise RefusedError(404, "The resource you are looking for doesn't exist.")
        id_ = names[1] if len(names) == 2 else None
        if method == "GET":
            return self._read(id_, dict(parse_qsl(parts.query)))
        owner = _owner(headers.get("Authorization", ""))
        report = _report(headers, body)
        if method == "POST" and id_ is None:
            return self._create(owner, report)
        if method == "PUT" and id_:
            return self._replace(owner, id_, report)
        raise RefusedError(404, "The resource you are looking for doesn't exist.")

    def _read(self, id_: str | None, query: dict[str, str]) -> tuple[int, dict]:
        if id_:
            found = self._by_id(id_)
            if found is None:
                raise RefusedError(404, "The resource you are looking for doesn't exist.")
            return (200 if found.state == "correct" else 422), found.answer()
        reports = self._listed(query)
        size, number = int(query.get("page[size]", 25)), int(query.get("page[number]", 1))
        shown = reports[(number - 1) * size : number * size]
        heads = [{"id": one.id, "report-header": one.header} for one in shown]
        meta = {"total": len(reports), "total-pages": -(-len(reports) // size), "page": number}
        return 200, {"reports": heads, "meta": meta}

    def _listed(self, query: dict[str, str]) -> list[Stored]:
        if "incorrect" in query:
            own = [one for one in self.reports if one.owner == query.get("client-id")]
            return [one for one in own if one.state == "incorrect"]
        if "queued" in query:
            return []
        found = [one for one in self.reports if one.state == "correct"]
        if "created-by" in query:
            return [one for one in found if one.header["created-by"] == query["created-by"]]
        return found

    def _create(self, owner: str, report: "Received") -> tuple[int, dict]:
        identity = (owner, report.header["created-by"], month_of(report.header))
        for one in self.reports:
            if (one.owner, one.header["created-by"], month_of(one.header)) == identity:
                if report.packed:
                    if one.header != report.header:
                        raise RefusedError(422, "The header is not that of the report.")
                    one.subsets.append(report.packed)
                return (202 if report.packed else 201), one.answer()
        made = Stored(str(uuid4()), owner, report.header)
        self.reports.append(made)
        return (202 if report.packed else 201), _filled(made, report)

    def _replace(self, owner: str, id_: str, report: "Received") -> tuple[int, dict]:
        try:
            UUID(id_)
        except ValueError as error:
            raise RefusedError(422, "The id is no UUID.") from error
        found = self._by_id(id_)
        if found and found.owner != owner:
            raise RefusedError(401, "You are not authorized to access this resource.")
        made = found or Stored(id_, owner, report.header)
        if not found:
            self.reports.append(made)
        made.header = report.header
        return (202 if report.packed else 200 if found else 201), _filled(made, report)

    def _by_id(self, id_: str) -> Stored | None:
        return next((one for one in self.reports if one.id == id_), None)


@dataclass
class Received:
    """Be what was sent: a report, and its bytes when they are compressed."""

    header: dict
    datasets: list[dict]
    packed: bytes = b""


def _filled(stored: Stored, report: Received) -> dict:
    """Put what was sent in the place of what was there; return the answer."""
    stored.datasets = [] if report.packed else report.datasets
    stored.subsets = [report.packed] if report.packed else []
    return stored.answer()


def month_of(header: dict) -> str:
    return header["reporting-period"]["begin-date"][:7]


def _owner(header: str) -> str:
    """Return who sends a report."""
    try:
        claims = jwt.decode(header.rpartition(" ")[2], KEY.public_key(), ["RS256"])
    except jwt.InvalidTokenError as error:
        raise RefusedError(401, "You are not authorized to access this resource.") from error
    if claims.get("role_id") != "client_admin" or not claims.get("client_id"):
        raise RefusedError(401, "You are not authorized to access this resource.")
    return claims["client_id"]


def _report(headers: Any, body: bytes) -> Received:
    """Return what was sent, unless it is not as it must be."""
    packed = headers.get("Content-Encoding") == "gzip"
    if headers.get("Content-Type") != ("application/gzip" if packed else "application/json"):
        raise RefusedError(406, "The content type is not recognized.")
    if not packed and len(body) > MOST_BYTES:
        raise RefusedError(413, "The report is too large.")
    try:
        report = json.loads(gzip.decompress(body) if packed else body)
    except (OSError, ValueError) as error:
        raise RefusedError(422, str(error)) from error
    header, datasets = report.get("report-header"), report.get("report-datasets")
    _check_header(header, packed)
    if not datasets:
        raise RefusedError(422, "You need to provide a payload following the SUSHI specification")
    if len(datasets) > MOST_DATASETS:
        raise RefusedError(422, "A report has at most 50,000 datasets.")
    if not packed and (wrong := problems(HUB_REPORT, report)):
        raise RefusedError(422, "; ".join(wrong[:5]))
    return Received(header, datasets, body if packed else b"")


def _check_header(header: dict | None, packed: bool) -> None:
    if not header or header.get("release") != "rd1":
        raise RefusedError(422, "Report protocol is incorrect")
    period = header["reporting-period"]
    if period["begin-date"][:7] != period["end-date"][:7]:
        raise RefusedError(
            422, "Reports are monthly, reporting dates need to be within the same month"
        )
    told = any(one["code"] == GZIP for one in header["exceptions"])
    if told != packed:
        raise RefusedError(422, "Exception 69 and the encoding of the report differ.")


class _Handler(BaseHTTPRequestHandler):
    hub: LoopbackHub
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.hub.requests.append((self.command, self.path))
        fault = self.hub.faults.pop(0) if self.hub.faults else None
        if fault == "dead":
            self.close_connection = True
            return
        if isinstance(fault, int):
            self._answer(fault, {"errors": [{"status": str(fault), "title": "A fault."}]})
            return
        try:
            status, found = self.hub.handle(self.command, self.path, self.headers, body)
        except RefusedError as error:
            title = {"status": str(error.status), "title": error.title}
            status, found = error.status, {"errors": [title]}
        if fault == "lost":
            self.close_connection = True
            return
        self._answer(status, found)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815

    def _answer(self, status: int, found: dict) -> None:
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[LoopbackHub]:
    """Run a hub on a free port."""
    hub = LoopbackHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
