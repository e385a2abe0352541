from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.pythons import discovery, interpreter, launcher, request
from bootstrap.pythons.installed import Machine
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin, PythonRequest

Install = Callable[[Path, str | None], Path]
Described = Callable[..., Interpreter]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the interpreters are shell scripts here")


def wanted(text: str, origin: Origin = Origin.FILE) -> PythonRequest:
    return request.parse(Asked(text, origin, ".python-version" if origin is Origin.FILE else None, 1))


@dataclass
class Looked:
    """Counts what is started."""

    paths: list[Path] = field(default_factory=list)

    def __call__(self, path: Path, found_by: str) -> Interpreter | None:
        self.paths.append(path)
        return interpreter.inspect(path, found_by)


@pytest.fixture
def equipped(tmp_path: Path, machine: Machine, install: Install) -> Machine:
    """A machine with pyenv, uv, mise and a system's Python."""
    versions = tmp_path / "home/.pyenv/versions"
    for name in (
        "3.8.18",
        "3.11.7",
        "3.12.1",
        "3.13.0",
        "3.13.0t",
        "3.14.0rc1",
        "3.15-dev",
        "pypy3.10-7.3.15",
    ):
        install(versions / name / "bin/python", name)
    for name in ("3.12.1", "3.12.4"):
        install(tmp_path / f"home/.local/share/uv/python/cpython-{name}-linux-x86_64-gnu/bin/python", name)
    install(tmp_path / "home/.local/share/mise/installs/python/3.12.4/bin/python", "3.12.4")
    install(tmp_path / "bin/python3.11", "3.11.2")
    (tmp_path / "bin/python3").symlink_to("python3.11")
    return replace(machine, environ={"PATH": str(tmp_path / "bin")})


@pytest.mark.parametrize(
    ("text", "version", "found_by", "starts"),
    [
        ("3.12.1", "3.12.1", "pyenv", 1),
        ("3.12", "3.12.4", "uv", 1),
        ("3", "3.13.0", "pyenv", 1),
        ("3.13t", "3.13.0", "pyenv", 1),
        ("3.14.0rc1", "3.14.0rc1", "pyenv", 1),
        ("3.15-dev", "3.15.0", "pyenv", 1),
        ("pypy3.10", "3.10.0", "pyenv", 1),
        (">=3.11,<3.13", "3.12.4", "uv", 1),
        ("3.11.7", "3.11.7", "pyenv", 1),
        ("3.11", "3.11.7", "pyenv", 2),  # the system's 3.11 may be newer: only it can tell
        ("3.11.2", "3.11.2", "PATH", 1),
        ("system", "3.11.2", "PATH", 1),
    ],
)
def test_the_newest_match_and_few_starts(
    text: str, version: str, found_by: str, starts: int, equipped: Machine
) -> None:
    look = Looked()
    found = discovery.find(wanted(text), equipped, look)
    assert (found.version, found.found_by, len(look.paths)) == (version, found_by, starts)


def test_without_any_request_the_newest_release(equipped: Machine) -> None:
    assert discovery.find(request.choose([]), equipped).version == "3.13.0"


def test_among_equals_the_managers_order_decides(tmp_path: Path, equipped: Machine, install: Install) -> None:
    install(tmp_path / "bin/python3.13", "3.13.0")
    found = discovery.find(wanted("3.13"), equipped)
    assert (found.version, found.found_by) == ("3.13.0", "pyenv")


def test_a_newer_one_on_path_wins(tmp_path: Path, equipped: Machine, install: Install) -> None:
    install(tmp_path / "bin/python3.13", "3.13.9")
    found = discovery.find(wanted("3.13"), equipped)
    assert (found.version, found.found_by) == ("3.13.9", "PATH")


def test_pypys_own_newest(tmp_path: Path, equipped: Machine, install: Install) -> None:
    name = "pypy3.10-7.3.17"
    install(tmp_path / "home/.pyenv/versions" / name / "bin/python", name)
    assert str(discovery.find(wanted("pypy3.10"), equipped)) == "pypy3.10.0-7.3.17"


def test_a_broken_one_is_passed_over(tmp_path: Path, equipped: Machine, install: Install) -> None:
    install(tmp_path / "home/.pyenv/versions/3.13.1/bin/python", None)
    assert discovery.find(wanted("3.13"), equipped).version == "3.13.0"


def test_a_name_that_lies_is_not_believed(tmp_path: Path, equipped: Machine, install: Install) -> None:
    install(tmp_path / "home/.pyenv/versions/3.12.9/bin/python", "3.12.1")
    with pytest.raises(BootstrapError):
        discovery.find(wanted("3.12.9"), equipped)


def test_the_launcher_is_asked_on_windows(
    tmp_path: Path, machine: Machine, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install(tmp_path / "python.exe", "3.12.4")
    listed = launcher.parse(" -V:3.12 *        C:\\python.exe\n")
    monkeypatch.setattr(launcher, "listed", lambda _: [replace(one, path=program) for one in listed])
    assert discovery.find(wanted("3.12"), replace(machine, platform="win32")).found_by == "py"
    with pytest.raises(BootstrapError):
        discovery.find(wanted("3.12"), machine)


def test_missing_says_what_where_and_what_to_run(tmp_path: Path, equipped: Machine, install: Install) -> None:
    for name in ("pyenv", "uv"):
        install(tmp_path / "bin" / name, None)
    with pytest.raises(BootstrapError) as caught:
        discovery.find(wanted("3.12.9"), equipped)
    problem = caught.value.problem
    pyenv = "3.15-dev, 3.14.0rc1, 3.13.0, 3.13.0t, 3.12.1, 3.11.7, pypy3.10-7.3.15"
    assert problem.message.splitlines() == [
        "Python 3.12.9 is not installed (asked for by .python-version)",
        f"  found: {pyenv} (pyenv); 3.12.4, 3.12.1 (uv); 3.12.4 (mise); 3.11 (PATH)",
        "  run:   pyenv install 3.12.9  then run bootstrap again",
        "  or:    uv python install 3.12.9  then run bootstrap again",
        "  or:    bootstrap --install-python  to let pyenv do it now",
        "  or:    write 3.12 into .python-version to accept any 3.12",
    ]
    assert (problem.code, problem.hint) == ("python-missing", "pyenv install 3.12.9")
    assert (problem.file, problem.line) == (".python-version", 1)


def test_missing_names_what_does_not_start(tmp_path: Path, equipped: Machine, install: Install) -> None:
    program = install(tmp_path / "home/.pyenv/versions/3.12.9/bin/python", None)
    with pytest.raises(BootstrapError) as caught:
        discovery.find(wanted("3.12.9"), equipped)
    assert f"found, but it does not start: {program} (pyenv)" in caught.value.problem.message


@pytest.mark.parametrize(
    ("asked", "first", "hint"),
    [
        (
            wanted("3.12"),
            "Python 3.12 is not installed (asked for by .python-version)",
            "install Python 3.12,",
        ),
        (
            wanted("3.12", Origin.OPTION),
            "Python 3.12 is not installed (asked for by --python)",
            "install Python 3.12,",
        ),
        (
            wanted("system"),
            "The system's Python is not installed (asked for by",
            "write 3.13 into .python-version",
        ),
        (request.choose([]), "A Python is not installed (no version is asked for)", "install a Python,"),
    ],
)
def test_missing_on_a_bare_machine(asked: PythonRequest, first: str, hint: str, machine: Machine) -> None:
    with pytest.raises(BootstrapError) as caught:
        discovery.find(asked, machine)
    problem = caught.value.problem
    assert problem.message.startswith(first)
    assert "found: no Python that environments can be made for" in problem.message
    assert "--install-python" not in problem.message
    assert str(problem.hint).startswith(hint)


def test_an_environment_is_kept_while_it_satisfies_the_request(
    equipped: Machine, described: Described
) -> None:
    current = described("3.12.1", found_by=".venv")
    assert discovery.keeps(wanted("3.12"), current, equipped)
    assert not discovery.keeps(wanted("3.12.4"), current, equipped)
    assert not discovery.keeps(wanted("3.13"), current, equipped)


def test_an_environment_of_the_systems_python_is_kept_while_path_leads_to_it(
    tmp_path: Path, equipped: Machine, machine: Machine, described: Described
) -> None:
    base = str((tmp_path / "bin/python3.11").resolve())
    assert discovery.keeps(wanted("system"), described("3.11.2", base=base), equipped)
    assert not discovery.keeps(wanted("system"), described("3.12.1", base="/elsewhere/python3.12"), equipped)
    assert not discovery.keeps(wanted("system"), described("3.11.2", base=base), machine)


def test_a_real_interpreter_is_found_by_its_version(tmp_path: Path, machine: Machine) -> None:
    base = interpreter.inspect(Path(sys.executable), "PATH")
    assert base is not None
    place = tmp_path / "home/.pyenv/versions" / str(base) / "bin"
    place.mkdir(parents=True)
    (place / "python").symlink_to(base.base)
    found = discovery.find(wanted(str(base)), machine)
    assert (found.version, found.path) == (base.version, place / "python")
