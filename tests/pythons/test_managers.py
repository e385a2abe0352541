from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.pythons import managers, request
from bootstrap.pythons.installed import Machine
from bootstrap.pythons.managers import Manager
from bootstrap.pythons.request import Asked, Origin, PythonRequest


def wanted(text: str) -> PythonRequest:
    return request.parse(Asked(text, Origin.FILE, ".python-version", 1))


NAMES = ("pyenv", "uv", "mise", "asdf", "py")


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            "3.12.9",
            [
                "pyenv install 3.12.9",
                "uv python install 3.12.9",
                "mise install python@3.12.9",
                "asdf install python 3.12.9",
                "py install 3.12.9",
            ],
        ),
        (
            "python-3.12",
            [
                "pyenv install 3.12",
                "uv python install 3.12",
                "mise install python@3.12",
                "asdf install python latest:3.12",
                "py install 3.12",
            ],
        ),
        (
            "3.13t",
            [
                "pyenv install 3.13t",
                "uv python install 3.13t",
                None,
                "asdf install python latest:3.13t",
                "py install 3.13t",
            ],
        ),
        (
            "3.15-dev",
            [
                "pyenv install 3.15-dev",
                None,
                "mise install python@3.15-dev",
                "asdf install python 3.15-dev",
                None,
            ],
        ),
        (
            "pypy3.10-7.3.15",
            [
                "pyenv install pypy3.10-7.3.15",
                None,
                "mise install python@pypy3.10-7.3.15",
                "asdf install python pypy3.10-7.3.15",
                None,
            ],
        ),
    ],
)
def test_commands_of_each_manager(text: str, commands: list[str | None]) -> None:
    found = [Manager(name, Path("/opt") / name, name) for name in NAMES]
    assert [manager.shown(wanted(text)) for manager in found] == commands
    expected = [
        [str(Path("/opt") / words[0]), *words[1:]] if (words := (each or "").split()) else None
        for each in commands
    ]
    assert [manager.install_command(wanted(text)) for manager in found] == expected


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("3.14.0rc1", "uv python install 3.14.0rc1"),
        ("pypy@3.10", "uv python install pypy3.10"),
        (">=3.11,<3.13", "uv python install 3.12"),
        (">=3.11", "uv python install 3"),
        ("==3.12.4", None),
        ("system", None),
    ],
)
def test_what_a_request_becomes(text: str, command: str | None) -> None:
    assert Manager("uv", Path("/opt/uv"), "uv").shown(wanted(text)) == command


def put(path: Path, script: str = "true") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_found_on_path_or_in_their_usual_folder(tmp_path: Path, machine: Machine) -> None:
    assert managers.present(machine) == []
    pyenv = put(tmp_path / "home/.pyenv/bin/pyenv")
    mise = put(tmp_path / "bin/mise")
    put(tmp_path / "shims/uv")
    put(tmp_path / "bin/py")
    found = managers.present(replace(machine, environ={"PATH": f"{tmp_path / 'shims'}:{tmp_path / 'bin'}"}))
    # One that is not on PATH is named with its whole path: the user could not start it otherwise.
    assert found == [Manager("pyenv", pyenv, str(pyenv)), Manager("mise", mise, "mise")]


def test_found_on_windows(tmp_path: Path, machine: Machine) -> None:
    put(tmp_path / "home/.pyenv/pyenv-win/bin/pyenv.bat")
    put(tmp_path / "WindowsApps/py.exe")
    windows = replace(machine, platform="win32", environ={"PATH": str(tmp_path / "WindowsApps")})
    assert [manager.name for manager in managers.present(windows)] == ["pyenv"]
    put(tmp_path / "WindowsApps/pymanager.exe")
    found = managers.present(windows)
    assert [(manager.name, manager.command) for manager in found][1:] == [("py", "py")]


@pytest.mark.skipif(sys.platform == "win32", reason="the managers are shell scripts here")
def test_install_runs_the_first_that_can(tmp_path: Path) -> None:
    uv = Manager("uv", put(tmp_path / "uv", "exit 3"), "uv")
    pyenv = Manager("pyenv", put(tmp_path / "pyenv", 'echo "$@"'), "pyenv")
    lines: list[str] = []
    assert managers.install(wanted("3.15-dev"), [uv, pyenv], lines.append) is pyenv
    assert lines == ["install 3.15-dev"]


@pytest.mark.skipif(sys.platform == "win32", reason="the managers are shell scripts here")
def test_install_that_fails_says_the_last_line(tmp_path: Path) -> None:
    script = "echo 'first' >&2; echo 'python-build: definition not found: 3.12.99' >&2; exit 2"
    pyenv = Manager("pyenv", put(tmp_path / "pyenv", script), "pyenv")
    with pytest.raises(
        BootstrapError, match=r"pyenv could not install Python 3\.12\.99: .*not found"
    ) as caught:
        managers.install(wanted("3.12.99"), [pyenv])
    assert caught.value.problem.code == "python-missing"
    assert "first" in str(caught.value.details)


def test_install_without_a_manager_that_can() -> None:
    with pytest.raises(BootstrapError, match=r"nothing on this machine can install Python 3\.12 ") as caught:
        managers.install(wanted("3.12"), [])
    assert (caught.value.problem.file, caught.value.problem.line) == (".python-version", 1)
