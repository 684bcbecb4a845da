# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Scripts that use a browser, run by Node.js."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def node(script: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess:
    """Run one of the scripts beside this file, with more settings in its environment."""
    return subprocess.run(
        ["node", str(HERE / script), *arguments],
        cwd=HERE.parent.parent,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=300,
    )


def reported(script: str, *arguments: str, **settings: str) -> Any:
    """Return what a script saw."""
    done = node(script, *arguments, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def as_person(person: Any) -> dict[str, str]:
    """Return the setting that signs somebody in."""
    return {"BROWSER_PERSON": f"{person.email} {person.password}"}
