# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The tests' side of workers in processes of their own."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from flask import current_app

from .worker import DONE, PREFIX

ROOT = Path(__file__).parents[2]


class Worker:
    """Be a worker for the application of the current context.

    ``module``: where it is; ``environment``: what differs.
    """

    def __init__(
        self, log: Path, module: str = f"{__package__}.worker", **environment: str
    ) -> None:
        prefix = {PREFIX: current_app.config["SEARCH_INDEX_PREFIX"]}
        with log.open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=os.environ | prefix | environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._answer() == "ready"

    def _answer(self) -> str:
        return self._process.stdout.readline().strip()

    def _ask(self, command: str, number: int) -> str:
        self._process.stdin.write(f"{command} {number}\n")
        self._process.stdin.flush()
        return self._answer()

    def start(self, moments: int = 0) -> int:
        """Start a run that ends at a moment (0: when it is done); return its process id."""
        return int(self._ask("start", moments))

    def wait(self, run: int) -> str:
        """Wait for a run and return how it ended."""
        return self._ask("wait", run)

    def run(self, moments: int = 0) -> str:
        """Start a run and wait for it."""
        return self.wait(self.start(moments))

    def finish(self) -> None:
        """Run to the end; a lease may get lost on a busy machine."""
        endings = []
        while DONE not in endings:
            endings.append(self.run())
            assert endings.count("LeaseLostError") < 5, endings
            assert set(endings) <= {DONE, "LeaseLostError"}, endings

    def close(self) -> None:
        """End the worker."""
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def kill(run: int) -> None:
    """Kill a run, if it is not over."""
    with suppress(ProcessLookupError):
        os.kill(run, signal.SIGKILL)
