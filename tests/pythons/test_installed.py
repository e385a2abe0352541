from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.pythons import installed, managers
from bootstrap.pythons.installed import Machine

Install = Callable[[Path, str | None], Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake trees need modes and links")


def seen(machine: Machine) -> list[tuple[str, str | None, str]]:
    """What is found, without starting any of it: every program here is broken."""
    return [(one.found_by, one.version, str(one.build)) for one in installed.candidates(machine)]


def with_variables(machine: Machine, **variables: str | Path) -> Machine:
    return replace(
        machine, environ={**machine.environ, **{name: str(value) for name, value in variables.items()}}
    )


def test_nothing_is_there(machine: Machine) -> None:
    assert installed.candidates(machine) == []
    assert installed.candidates(replace(machine, home=None)) == []
    assert installed.system_python(machine) is None


def test_pyenv(tmp_path: Path, machine: Machine, install: Install) -> None:
    versions = tmp_path / "home/.pyenv/versions"
    for name in ("3.12.1", "3.13.0t", "3.14-dev", "pypy3.10-7.3.15", "shop", "miniconda3-latest"):
        install(versions / name / "bin/python", None)
    (versions / "3.9.1").mkdir()  # an installation that was cut short
    install(versions / "3.11.7/bin/python", None)
    (versions / "3.11.7/pyvenv.cfg").touch()  # pyenv-virtualenv lets one name an environment like a version
    assert seen(machine) == [
        ("pyenv", "3.12.1", "3.12.1"),
        ("pyenv", "3.13.0", "3.13.0t"),
        ("pyenv", "3.14", "3.14-dev"),
        ("pyenv", "3.10", "pypy3.10-7.3.15"),
    ]


def test_pyenv_root_moves_it_and_a_relative_one_does_not(
    tmp_path: Path, machine: Machine, install: Install
) -> None:
    install(tmp_path / "root/versions/3.12.1/bin/python", None)
    install(tmp_path / "home/.pyenv/versions/3.11.7/bin/python", None)
    assert seen(with_variables(machine, PYENV_ROOT=tmp_path / "root")) == [("pyenv", "3.12.1", "3.12.1")]
    assert seen(with_variables(machine, PYENV_ROOT="root")) == [("pyenv", "3.11.7", "3.11.7")]


@pytest.mark.parametrize("variable", [None, "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR"])
def test_uv(variable: str | None, tmp_path: Path, machine: Machine, install: Install) -> None:
    store = tmp_path / {None: "home/.local/share/uv/python", "XDG_DATA_HOME": "moved/uv/python"}.get(
        variable, "moved"
    )
    for name in (
        "cpython-3.12.1-linux-x86_64-gnu",
        "cpython-3.13.0+freethreaded-linux-x86_64-gnu",
        "cpython-3.13.0+debug-linux-x86_64-gnu",
        "pypy-3.10.14-linux-x86_64-gnu",
    ):
        install(store / name / "bin/python3", None)
    (store / "cpython-3.12-linux-x86_64-gnu").symlink_to("cpython-3.12.1-linux-x86_64-gnu")
    (store / ".lock").touch()
    found = seen(with_variables(machine, **{variable: tmp_path / "moved"}) if variable else machine)
    assert found == [
        ("uv", "3.12.1", "3.12.1"),
        ("uv", "3.13.0", "3.13.0t"),
        ("uv", "3.10.14", "pypy3.10.14"),
    ]


@pytest.mark.parametrize(
    ("manager", "folder", "variable"),
    [
        ("mise", "home/.local/share/mise/installs/python", None),
        ("mise", "moved/installs/python", "MISE_DATA_DIR"),
        ("asdf", "home/.asdf/installs/python", None),
        ("asdf", "moved/installs/python", "ASDF_DATA_DIR"),
    ],
)
def test_mise_and_asdf(
    manager: str, folder: str, variable: str | None, *, tmp_path: Path, machine: Machine, install: Install
) -> None:
    install(tmp_path / folder / "3.12.1/bin/python", None)
    for link in ("3", "3.12", "latest"):
        (tmp_path / folder / link).symlink_to("3.12.1")
    found = seen(with_variables(machine, **{variable: tmp_path / "moved"}) if variable else machine)
    assert found == [(manager, "3.12.1", "3.12.1")]


@pytest.mark.parametrize(
    ("variable", "folder", "manager", "name"),
    [
        ("PYENV_ROOT", "versions", "pyenv", "3.12.1"),
        (None, "home/.pyenv/pyenv-win/versions", "pyenv", "3.12.1"),
        ("APPDATA", "uv/python", "uv", "cpython-3.12.1-windows-x86_64-none"),
        ("APPDATA", "uv/data/python", "uv", "cpython-3.12.1-windows-x86_64-none"),
        ("LOCALAPPDATA", "mise/installs/python", "mise", "3.12.1"),
    ],
)
def test_windows_layouts(
    variable: str | None,
    folder: str,
    manager: str,
    name: str,
    *,
    tmp_path: Path,
    machine: Machine,
    install: Install,
) -> None:
    windows = replace(machine, platform="win32")
    install(tmp_path / folder / name / "python.exe", None)
    found = seen(with_variables(windows, **{variable: tmp_path}) if variable else windows)
    assert found == [(manager, "3.12.1", "3.12.1")]


def test_path_tells_versions_by_names_and_links(tmp_path: Path, machine: Machine, install: Install) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    install(one / "python3.11", None)
    (one / "python3").symlink_to("python3.11")
    (one / "python").symlink_to("python3")
    install(two / "python3.13t", None)
    install(two / "python3.13-config", None)
    install(two / "pypy3.10", None)
    install(two / "python2.7", None)
    install(two / "python3", None)
    install(two / "pythonic", None)
    (two / "python3.12").write_text("not a program")
    found = installed.candidates(with_variables(machine, PATH=f"{one}:{two}"))
    assert [(one.path.name, str(one.build)) for one in found] == [
        ("python3.11", "3.11"),
        ("python3.13t", "3.13t"),
        ("python2.7", "2.7"),
        ("pypy3.10", "pypy3.10"),
        ("python3", "3"),
    ]


def test_path_leaves_out_shims_stubs_environments_and_relative_folders(
    tmp_path: Path, machine: Machine, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shims, stubs, environment = (
        tmp_path / ".pyenv/shims",
        tmp_path / "Microsoft/WindowsApps",
        tmp_path / "venv/bin",
    )
    for folder in (shims, stubs, environment, tmp_path / "here"):
        install(folder / "python3.12", None)
        install(folder / "python3", None)
    (tmp_path / "venv/pyvenv.cfg").touch()
    poor = with_variables(machine, PATH=f"{shims}:{stubs}:{environment}:here::")
    assert installed.candidates(poor) == []
    assert installed.system_python(poor) is None


def test_a_path_that_cannot_be_followed_is_passed_over(
    tmp_path: Path, machine: Machine, install: Install
) -> None:
    install(tmp_path / "python3.12", None)
    (tmp_path / "python3").symlink_to("python3")
    (tmp_path / "python").symlink_to("gone")
    odd = with_variables(machine, PATH=f"/{'x' * 300}:{tmp_path}")
    assert seen(odd) == [("PATH", "3.12", "3.12")]
    assert installed.system_python(odd) is None
    assert managers.present(odd) == []


def test_windows_path(tmp_path: Path, machine: Machine, install: Install) -> None:
    install(tmp_path / "one/python.exe", None)
    install(tmp_path / "two/python3.12.exe", None)
    install(tmp_path / "two/python3.11", None)
    windows = replace(machine, platform="win32", environ={"PATH": f'{tmp_path / "one"};"{tmp_path / "two"}"'})
    assert [one.path.name for one in installed.candidates(windows)] == ["python.exe", "python3.12.exe"]
    system = installed.system_python(windows)
    assert system is not None
    assert system.path == tmp_path / "one/python.exe"


def test_what_path_leads_to_belongs_to_its_manager(
    tmp_path: Path, machine: Machine, install: Install
) -> None:
    program = install(tmp_path / "home/.pyenv/versions/3.12.1/bin/python3.12", None)
    program.with_name("python").symlink_to("python3.12")
    bin_folder = tmp_path / "home/.local/bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python3.12").symlink_to(program)
    assert seen(with_variables(machine, PATH=f"{bin_folder}:{program.parent}")) == [
        ("pyenv", "3.12.1", "3.12.1")
    ]


def test_system_is_the_first_python3_outside_pyenv(
    tmp_path: Path, machine: Machine, install: Install
) -> None:
    pyenv = tmp_path / "home/.pyenv/versions/3.12.1/bin"
    install(pyenv / "python3", None)
    install(tmp_path / "one/python", None)
    install(tmp_path / "two/python3", None)
    found = installed.system_python(
        with_variables(machine, PATH=f"{pyenv}:{tmp_path / 'one'}:{tmp_path / 'two'}")
    )
    assert found is not None
    assert found.path == tmp_path / "two/python3"
    found = installed.system_python(with_variables(machine, PATH=f"{pyenv}:{tmp_path / 'one'}"))
    assert found is not None
    assert found.path == tmp_path / "one/python"


@pytest.mark.parametrize(
    ("platform", "tools", "kept"), [("darwin", False, False), ("darwin", True, True), ("linux", False, True)]
)
def test_the_stub_of_macos(
    platform: str,
    *,
    tools: bool,
    kept: bool,
    tmp_path: Path,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installed, "_XCODE", (tmp_path if tools else tmp_path / "absent",))
    mac = replace(machine, platform=platform, environ={"PATH": "/usr/bin"})
    assert (Path("/usr/bin") in installed._program_folders(mac)) is kept
