"""Small projects to be disturbed; POSIX alone, as each test needs signals, /proc or mounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.subject import Subject, publish
from tests.index.server import PackageIndex

if not sys.platform.startswith("linux"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def served() -> Iterator[PackageIndex]:
    """Serve tiny packages for the session; a test that disturbs the index takes ``small``."""
    with PackageIndex() as index:
        yield publish(index)


@pytest.fixture
def small() -> Iterator[PackageIndex]:
    """Serve tiny packages for one test."""
    with PackageIndex() as index:
        yield publish(index)


@pytest.fixture
def subject(tmp_path: Path, small: PackageIndex) -> Subject:
    """Give a fresh clone without locks."""
    return Subject(tmp_path, small.url).make()


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, served: PackageIndex) -> Subject:
    """Give a project that was set up and saved; a test restores it first."""
    made = Subject(tmp_path_factory.mktemp("settled"), served.url).make()
    done = made.run()
    assert done.code == 0, done.err
    made.save()
    return made
