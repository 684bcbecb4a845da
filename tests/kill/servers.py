# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Servers of the tests' own, made by the project's scripts, to be killed and restarted."""

import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from flask import Flask
from invenio_app.factory import create_app
from invenio_db import db
from invenio_queues.proxies import current_queues
from invenio_search import current_search

from invenio_usage_stats.operations.setup import setup

from ..conftest import LANE, settings
from .workers import ROOT

CACHE = Path(os.environ.get("UST_CACHE", ROOT / "var/cache"))
"""Where the scripts keep what they have downloaded."""
OF_LANE = slice(int(LANE.removeprefix("gw") or 0) % 4, None, 4)
"""Lanes have ports of their own: a server that restarts must find its port free again."""
SEARCH_PORTS = range(9296, 9236, -1)[OF_LANE]
"""The scripts' runner takes ports from 9201 to 9298; the other profiles use the lower ones."""
DATABASE_PORTS = range(5449, 5410, -1)[OF_LANE]
BROKER_PORTS = range(5659, 5600, -1)[OF_LANE]


def can_run() -> bool:
    """Tell whether servers are processes of this machine here, not containers."""
    here = (CACHE / "opensearch", Path("/usr/lib/postgresql"))
    return all(folder.is_dir() for folder in here) and shutil.which("java") is not None


def can_run_broker() -> bool:
    """Tell whether the message broker is a process of this machine here, not a container."""
    return Path("/usr/lib/rabbitmq").is_dir()


class Server(ABC):
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

    @property
    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return the settings of an application that has it."""

    @abstractmethod
    def start(self) -> None:
        """Start it and wait until it answers."""

    @abstractmethod
    def stop(self) -> None:
        """End it, if it runs."""

    @abstractmethod
    def fill(self) -> None:
        """Create what an application needs in it."""

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send its process a signal."""
        process = int(self._pid.read_text())
        os.kill(process, how)
        while how == signal.SIGKILL and _is_alive(process):
            # until then its port is not free for the next one
            time.sleep(0.02)

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


class Node(Server):
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

    @property
    def settings(self) -> dict[str, Any]:
        """Return the settings of an application that has it."""
        return {"SEARCH_HOSTS": [{"host": "127.0.0.1", "port": self.port}]}

    def fill(self) -> None:
        """Create the indices of a repository."""
        list(current_search.put_templates())
        list(current_search.create(ignore_existing=True))

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


class Database(Server):
    """Be a PostgreSQL."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        self.port = next(port for port in DATABASE_PORTS if _is_free(port))
        super().__init__(folder, UST_PG_PORT=str(self.port))

    @property
    def settings(self) -> dict[str, Any]:
        """Return the settings of an application that has it."""
        uri = f"postgresql+psycopg2://rdm:rdm@127.0.0.1:{self.port}/rdm"
        return {"SQLALCHEMY_DATABASE_URI": uri}

    def fill(self) -> None:
        """Create the tables of a repository."""
        db.create_all()

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


class Broker(Server):
    """Be a RabbitMQ."""

    name = "rabbitmq"

    def __init__(self, folder: Path) -> None:
        self.port = next(port for port in BROKER_PORTS if _is_free(port) and _is_free(port - 1_000))
        super().__init__(folder, UST_AMQP_PORT=str(self.port), UST_EPMD_PORT=str(self.port - 1_000))

    @property
    def settings(self) -> dict[str, Any]:
        """Return the settings of an application that has it for its events."""
        return {"QUEUES_BROKER_URL": f"amqp://guest:guest@127.0.0.1:{self.port}//"}

    def fill(self) -> None:
        """Declare the queues of a repository."""
        current_queues.declare()

    def start(self) -> None:
        """Start it and wait until it answers."""
        ready = 'wait_for rabbitmq 120 - "$LOGS/rabbitmq.log" port_open "$UST_AMQP_PORT"'
        self._script(f"rabbitmq_start; {ready}")

    def restart(self) -> None:
        """End it in good order, and start it again."""
        self._script('end rabbitmq "$STACK/rabbitmq"')
        self.start()

    def stop(self) -> None:
        """End it, if it runs, and its port mapper."""
        mapper = "ERL_EPMD_PORT=$UST_EPMD_PORT epmd -kill > /dev/null 2>&1 || true"
        self._script(f'end rabbitmq "$STACK/rabbitmq" KILL; {mapper}')


def application_with(*servers: Server, **more: Any) -> Flask:
    """Return an application that has these servers, set up, and otherwise those of all tests."""
    own = {name: value for server in servers for name, value in server.settings.items()}
    other = create_app(**settings() | own | more)
    with other.app_context():
        for server in servers:
            server.fill()
        list(setup())
    return other


def _is_alive(process: int) -> bool:
    """Tell whether a process has not ended; one of which only its number is left has."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
