from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_connection_to_anything_but_loopback_fails_the_test(method: str) -> None:
    with socket.socket() as connection, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        getattr(connection, method)(("192.0.2.1", 80))


def test_loopback_may_be_connected() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_without_an_index_nothing_is_asked() -> None:
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(os.environ["PIP_INDEX_URL"])


def test_pip_sees_no_settings_of_this_machine() -> None:
    command = [sys.executable, "-I", "-m", "pip", "config", "list"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert {line.partition("=")[0] for line in lines} <= {
        ":env:.cache-dir",
        ":env:.config-file",
        ":env:.disable-pip-version-check",
        ":env:.index-url",
    }


def test_a_home_of_its_own(isolated: Path, tmp_path: Path) -> None:
    assert Path.home() == isolated == tmp_path / "home"
    assert list(isolated.iterdir()) == []
    assert os.environ["BOOTSTRAP_CACHE_DIR"].startswith(str(isolated))


def test_git_knows_nobody_but_the_tester(git_project: Path) -> None:
    (git_project / "file").write_text("text")
    subprocess.run(["git", "add", "file"], cwd=git_project, check=True)
    subprocess.run(["git", "commit", "--quiet", "-m", "first"], cwd=git_project, check=True)
    shown = subprocess.run(
        ["git", "log", "--format=%an"], cwd=git_project, check=True, capture_output=True, text=True
    )
    assert shown.stdout == "Tester\n"
