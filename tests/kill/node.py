# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A search engine of the tests' own, made by the project's scripts, to be killed and restarted."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from .workers import ROOT

CACHE = Path(os.environ.get("UST_CACHE", ROOT / "var/cache"))
"""Where the scripts keep what they have downloaded."""
PORTS = range(9296, 9236, -1)
"""The scripts' runner takes ports from 9201 to 9298; the other profiles use the lower ones."""


def can_run() -> bool:
    """Tell whether search engines are processes of this machine here, not containers."""
    return (CACHE / "opensearch").is_dir() and shutil.which("java") is not None


class Node:
    """Be a search engine with data in a folder."""

    def __init__(self, folder: Path) -> None:
        self.port = next(port for port in PORTS if _is_free(port) and _is_free(port + 100))
        self._pid = folder / "tests/pid/opensearch"
        self._environment = os.environ | {
            "UST_PROFILE": "tests",
            "UST_VAR": str(folder),
            "UST_CACHE": str(CACHE.resolve()),
            "UST_OS_PORT": str(self.port),
            "UST_OS_TRANSPORT_PORT": str(self.port + 100),
            "UST_OS_HEAP": "512m",
        }

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._script("opensearch_start; opensearch_ready")

    def kill(self) -> None:
        """Kill it."""
        os.kill(int(self._pid.read_text()), signal.SIGKILL)

    def stop(self) -> None:
        """End it, if it runs."""
        self._script('end opensearch "$STACK/opensearch" KILL')

    def _script(self, commands: str) -> None:
        """Run functions of the project's scripts."""
        scripts = f'. "{ROOT}/scripts/env.sh"; here="{ROOT}/scripts"; . "$here/services/native.sh"'
        subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{scripts}; {commands}"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def _is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
