# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A file whose making fails while it is sent cannot be taken for a whole one."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pytest

from .breaking import LINES

ROOT = Path(__file__).parents[2]
SOME = LINES - 1_000


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """Return the port of a web server that sends files."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--threads", "2"]
    process = subprocess.Popen([*command, "tests.resources.breaking:application"], cwd=ROOT)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int) -> None:
    """Wait until a server listens."""
    for _ in range(300):
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("no server")


def read(port: int, path: str, version: int = 11) -> bytes:
    """Return a file, asked for as by a client (HTTP 1.1) or by an old proxy (1.0)."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection._http_vsn = version
    connection._http_vsn_str = f"HTTP/{version // 10}.{version % 10}"
    connection.request("GET", path)
    response = connection.getresponse()
    assert response.status == 200
    return response.read()


@pytest.mark.parametrize("version", [10, 11])
def test_a_whole_file_ends_with_a_line_break(server, version):
    data = read(server, f"/csv/{LINES}", version)
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == LINES + 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_connection_breaks_off(server, form):
    with pytest.raises(IncompleteRead):
        read(server, f"/{form}/{SOME}")


@pytest.mark.parametrize("made", [1, 2, 501, SOME])
def test_a_file_that_broke_off_lacks_its_end(server, made):
    """Old proxies take the end of a connection for the end of the file."""
    data = read(server, f"/csv/{made}", 10)
    assert data.startswith(b"date,scope,")
    assert not data.endswith(b"\n")


def test_a_workbook_that_broke_off_cannot_be_opened(server):
    assert ZipFile(BytesIO(read(server, f"/xlsx/{LINES}", 10))).testzip() is None
    with pytest.raises(BadZipFile):
        ZipFile(BytesIO(read(server, f"/xlsx/{SOME}", 10)))
