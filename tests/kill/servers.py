# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Servers of the tests' own, made by the project's scripts, to be killed and restarted."""

import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from .workers import ROOT

CACHE = Path(os.environ.get("UST_CACHE", ROOT / "var/cache"))
"""Where the scripts keep what they have downloaded."""
SEARCH_PORTS = range(9296, 9236, -1)
"""The scripts' runner takes ports from 9201 to 9298; the other profiles use the lower ones."""
DATABASE_PORTS = range(5449, 5410, -1)


def can_run() -> bool:
    """Tell whether servers are processes of this machine here, not containers."""
    here = (CACHE / "opensearch", Path("/usr/lib/postgresql"))
    return all(folder.is_dir() for folder in here) and shutil.which("java") is not None


class _Server(ABC):
    """Be a server with data in a folder; ``environment``: what the scripts are to know."""

    name: str

    def __init__(self, folder: Path, **environment: str) -> None:
        self._pid = folder / "tests/pid" / self.name
        self._environment = os.environ | {
            "UST_PROFILE": "tests",
            "UST_VAR": str(folder),
            "UST_CACHE": str(CACHE.resolve()),
            **environment,
        }

    @abstractmethod
    def start(self) -> None:
        """Start it and wait until it answers."""

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send its process a signal."""
        os.kill(int(self._pid.read_text()), how)

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


class Node(_Server):
    """Be a search engine."""

    name = "opensearch"

    def __init__(self, folder: Path) -> None:
        free = (port for port in SEARCH_PORTS if _is_free(port) and _is_free(port + 100))
        self.port = next(free)
        super().__init__(
            folder,
            UST_OS_PORT=str(self.port),
            UST_OS_TRANSPORT_PORT=str(self.port + 100),
            UST_OS_HEAP="512m",
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._script("opensearch_start; opensearch_ready")

    def restart(self) -> None:
        """End it in good order, and start it again."""
        self._script('end opensearch "$STACK/opensearch"')
        self.start()

    def stop(self) -> None:
        """End it, if it runs."""
        self._script('end opensearch "$STACK/opensearch" KILL')


class Database(_Server):
    """Be a PostgreSQL."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        self.port = next(port for port in DATABASE_PORTS if _is_free(port))
        super().__init__(folder, UST_PG_PORT=str(self.port))

    @property
    def uri(self) -> str:
        """Return where it is."""
        return f"postgresql+psycopg2://rdm:rdm@127.0.0.1:{self.port}/rdm"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._script("postgres_start")

    def restart(self) -> None:
        """End it at once, as a crash does, and start it again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End it, if it runs."""
        self._script('end postgres "-p $UST_PG_PORT" QUIT')


def _is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
