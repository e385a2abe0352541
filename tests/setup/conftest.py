"""A served index and finished projects for tests that run the whole command.

Locks are compiled once for the session: the wheels of the index are byte-stable, so the hashes hold for all.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests import command
from tests.command import Completed
from tests.index.scenarios import fill, write_layers
from tests.index.server import PackageIndex

LAYERS = {
    "base.in": "psycopg\nredis\n",
    "dev.in": "-r base.in\npytest\n",
    "production.in": "-r base.in\ngunicorn\n",
}
"""Layers small enough to be set up many times."""

Bootstrap = Callable[..., Completed]


@pytest.fixture(scope="session")
def served() -> Iterator[PackageIndex]:
    """Serve the world for the session; a test that changes what is served takes ``world`` instead."""
    with PackageIndex() as index:
        yield fill(index)


@pytest.fixture(scope="session")
def bootstrap(served: PackageIndex) -> Bootstrap:
    """Run the tool with the served index, whatever index a test has set."""

    def run(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Completed:
        return command.run(*arguments, cwd=cwd, env={"PIP_INDEX_URL": served.url, **(env or {})})

    return run


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory, bootstrap: Bootstrap) -> Mapping[str, str]:
    """Give the small layers with their locks: file name to text."""
    root = new_project(tmp_path_factory.mktemp("locked") / "project")
    folder = write_layers(root, LAYERS)
    done = bootstrap("--skip", "install", cwd=root)
    assert done.code == 0, done.err
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture
def project(tmp_path: Path, isolated: Path, locked: Mapping[str, str]) -> Path:
    """Give a fresh clone with good locks."""
    root = new_project(tmp_path / "project")
    write_layers(root, locked)
    return root


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory, bootstrap: Bootstrap, locked: Mapping[str, str]
) -> Path:
    """Give a project that is set up; a test must leave it as it was."""
    root = new_project(tmp_path_factory.mktemp("finished") / "project")
    write_layers(root, locked)
    done = bootstrap(cwd=root)
    assert done.code == 0, done.err
    return root


def new_project(root: Path) -> Path:
    """Make a git repository for the Python of the tests."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", root], check=True)
    (root / ".python-version").write_text(f"{command.PYTHON_VERSION}\n", encoding="utf-8")
    return Path(os.path.realpath(root))
