# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The wheel: everything that is needed is in it, and nothing else is touched."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "invenio_usage_stats"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Build the wheel, install it into an empty environment, and return its site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    tracked = _tracked()
    for name in tracked:
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    run = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source]
    subprocess.run(run, check=True, capture_output=True)
    venv.create(folder / "empty", with_pip=True)
    python = folder / "empty" / "bin" / "python"
    wheel = next(folder.glob("*.whl"))
    subprocess.run(
        [python, "-m", "pip", "install", "--no-deps", "--no-index", wheel],
        check=True,
        capture_output=True,
    )
    return next((folder / "empty" / "lib").glob("python*/site-packages"))


def _tracked() -> list[str]:
    """Return the files of the project, the untracked ones that git does not ignore included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_file_of_the_package_is_in_the_wheel(installed):
    missing = [
        name
        for name in _tracked()
        if name.startswith(f"{PACKAGE}/") and not (installed / name).exists()
    ]
    assert not missing


def test_what_the_wheel_must_carry(installed):
    for pattern, least in (
        ("aggregations/templates/*/os-v2/*.json", 18),
        ("alembic/*.py", 1),
        ("templates/semantic-ui/**/*.html", 3),
        ("assets/semantic-ui/js/**/*.js*", 3),
        ("assets/semantic-ui/less/**/*.less", 1),
        ("translations/*/LC_MESSAGES/messages.mo", 4),
    ):
        assert len(list((installed / PACKAGE).glob(pattern))) >= least, pattern


def test_the_wheel_installs_nothing_else(installed):
    tools = ("pip", "setuptools", "_", "distutils", "pkg_resources")
    others = [path.name for path in installed.iterdir() if not path.name.startswith(PACKAGE)]
    assert [name for name in others if not name.startswith(tools)] == []
