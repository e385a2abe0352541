"""No test sees this machine's settings, and none talks to anything but itself.

For the whole session the environment variables that steer pip, uv, git, Python and this tool are gone, and
a connection to anything but loopback fails the test. A test with effects takes ``isolated`` for a home of
its own.
"""

from __future__ import annotations

import ipaddress
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from bootstrap.system import processes
from bootstrap.system.processes import Started
from tests.index.scenarios import fill
from tests.index.server import PackageIndex

_STEERING = re.compile(
    r"(PIP|UV|BOOTSTRAP|GIT|VIRTUALENV|VIRTUAL_ENV|CONDA|PYENV|DJANGO|HATCH|XDG|PYTHON)(_.*|$)"
    r"|PYTHON[A-Z]+|CI|GITHUB_ACTIONS|CUSTOM_COMPILE_COMMAND|(NO|FORCE)_COLOR|CLICOLOR.*|COLUMNS|DATABASE_URL|SECRET_KEY"
    r"|(?i:(http|https|all|no)_proxy)"
)
# For the marked session alone, which talks to the package index that this machine is configured for.
_AS_STARTED = dict(os.environ)
# A busy machine is no fault of the code: no test asserts a time.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")
# A shell in the background lets the tests, and so all that they start, ignore Ctrl-C; nohup another signal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
# Where nothing listens: a test that forgot its index fails instead of asking the real one.
_NO_INDEX = "http://127.0.0.1:9/simple"


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if _STEERING.fullmatch(name)]:
            patch.delenv(name)
        _give_home(patch, tmp_path_factory.mktemp("home"))
        for name, value in {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": _NO_INDEX,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(tmp_path_factory.getbasetemp()),
            "GIT_AUTHOR_NAME": "Tester",
            "GIT_AUTHOR_EMAIL": "tester@example.com",
            "GIT_COMMITTER_NAME": "Tester",
            "GIT_COMMITTER_EMAIL": "tester@example.com",
        }.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method)))
        yield


@pytest.fixture(scope="session")
def as_started_session() -> dict[str, str]:
    """Return the variables this session was started with, but for those that steer the tool or Python."""
    steering = re.compile(r"BOOTSTRAP_.*|CI|PYTHON.*|VIRTUAL_ENV|GIT_.*|DJANGO_.*|DATABASE_URL")
    return {name: value for name, value in _AS_STARTED.items() if not steering.fullmatch(name)}


@pytest.fixture
def as_started(tmp_path: Path, as_started_session: dict[str, str]) -> dict[str, str]:
    """Return the same, and a cache of its own for the tool."""
    return as_started_session | {"BOOTSTRAP_CACHE_DIR": str(tmp_path / "cache")}


@pytest.fixture
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty home and caches of its own; returns the home."""
    home = tmp_path / "home"
    home.mkdir()
    _give_home(monkeypatch, home)
    return home


@pytest.fixture
def index(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    """Run an empty package index that pip uses by default."""
    with PackageIndex() as running:
        monkeypatch.setenv("PIP_INDEX_URL", running.url)
        yield running


@pytest.fixture
def world(index: PackageIndex) -> PackageIndex:
    """Run an index with the packages of ``tests/index/scenarios.py``."""
    return fill(index)


@pytest.fixture
def git_project(tmp_path: Path, isolated: Path) -> Path:
    """Make an empty project in a fresh git repository and return its folder."""
    root = tmp_path / "project"
    root.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", root], check=True)
    return root.resolve()


def _give_home(patch: pytest.MonkeyPatch, home: Path) -> None:
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CONFIG_DIRS": home / ".etc",
        "BOOTSTRAP_CACHE_DIR": home / ".cache" / "bootstrap",
        "PIP_CACHE_DIR": home / ".cache" / "pip",
    }
    for name, folder in folders.items():
        patch.setenv(name, str(folder))


def _guarded(original: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            pytest.fail(f"this test connected to {address[0]}; tests talk to this machine alone")
        return original(self, address)

    return connect


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    """Count the processes that are started ahead of their work."""
    seen: list[Started] = []
    start = processes.start

    def counting(command: list[str | Path]) -> Started:
        seen.append(start(command))
        return seen[-1]

    monkeypatch.setattr(processes, "start", counting)
    return seen
