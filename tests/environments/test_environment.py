from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.environments.environment import UNFINISHED, Environment, Kind, ailment, look

Build = Callable[[Path], object]
posix = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


def build(path: Path, platform: str = "linux", *, config: str = "", pip: bool = True) -> Environment:
    """Make the files of a whole environment; its base is this file, which exists."""
    made = Environment(path, Kind.ENVIRONMENT, windows=platform == "win32")
    packages = path / ("Lib/site-packages" if made.windows else "lib/python3.12/site-packages")
    packages.mkdir(parents=True)
    made.scripts.mkdir()
    made.python.touch()
    (path / "pyvenv.cfg").write_text(config or f"base-executable = {__file__}\n", encoding="utf-8")
    if pip:
        (packages / "pip-26.3.dist-info").mkdir()
        (packages / "pip-26.3.dist-info" / "RECORD").touch()
    return look(path, platform)


def file(path: Path) -> None:
    path.touch()


def redirect(path: Path) -> None:
    path.write_text("/somewhere/else/env\n")


def link_to(target: str) -> Build:
    def link(path: Path) -> None:
        build(path.parent / "elsewhere")
        path.symlink_to(path.parent / target, target_is_directory=True)

    return link


def folder_with(*names: str) -> Build:
    def make(path: Path) -> None:
        path.mkdir()
        for name in names:
            (path / name).touch()

    return make


def without_text(path: Path) -> None:
    path.mkdir()
    (path / "pyvenv.cfg").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    ("make", "kind", "reason"),
    [
        pytest.param(lambda _: None, Kind.ABSENT, "", id="nothing"),
        pytest.param(folder_with(), Kind.EMPTY, "", id="empty"),
        pytest.param(file, Kind.FOREIGN, "a file", id="file"),
        pytest.param(redirect, Kind.FOREIGN, "a file", id="redirect"),
        pytest.param(link_to("elsewhere"), Kind.FOREIGN, "a symbolic link", id="link", marks=posix),
        pytest.param(link_to("nowhere"), Kind.FOREIGN, "a symbolic link", id="dead-link", marks=posix),
        pytest.param(folder_with("notes.txt"), Kind.FOREIGN, "without pyvenv.cfg", id="folder"),
        pytest.param(without_text, Kind.FOREIGN, "without pyvenv.cfg", id="no-text"),
        pytest.param(folder_with("pyvenv.cfg"), Kind.ENVIRONMENT, "", id="half-made"),
        pytest.param(folder_with(UNFINISHED), Kind.ENVIRONMENT, "", id="begun"),
        pytest.param(folder_with(UNFINISHED, "junk"), Kind.ENVIRONMENT, "", id="begun-and-more"),
        pytest.param(build, Kind.ENVIRONMENT, "", id="whole"),
    ],
)
@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_what_lies_there(tmp_path: Path, make: Build, kind: Kind, reason: str, platform: str) -> None:
    make(tmp_path / ".venv")
    seen = look(tmp_path / ".venv", platform)
    assert seen.kind is kind
    assert reason in seen.reason
    assert bool(seen.reason) == (kind is Kind.FOREIGN)


def test_a_folder_that_may_not_be_read_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".venv").mkdir()

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    seen = look(tmp_path / ".venv", "linux")
    assert (seen.kind, seen.reason) == (Kind.FOREIGN, "it cannot be read: Permission denied")


def test_the_configuration_is_read_as_python_reads_it(tmp_path: Path) -> None:
    text = "home = /usr/bin\r\nBase-Executable=/usr/bin/python3.12\nprompt = a = b\n\nversion_info =\n# x\n"
    (tmp_path / "pyvenv.cfg").write_bytes(text.encode())
    assert look(tmp_path, "linux").config == {
        "home": "/usr/bin",
        "base-executable": "/usr/bin/python3.12",
        "prompt": "a = b",
        "version_info": "",
    }


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_whole_environment_has_no_ailment(tmp_path: Path, platform: str) -> None:
    assert ailment(build(tmp_path / ".venv", platform)) is None


def test_the_layout_of_windows(tmp_path: Path) -> None:
    made = build(tmp_path / ".venv", "win32")
    assert made.python == tmp_path / ".venv" / "Scripts" / "python.exe"
    assert made.site_packages == tmp_path / ".venv" / "Lib" / "site-packages"


def test_the_layout_of_pypy(tmp_path: Path) -> None:
    made = build(tmp_path / ".venv")
    assert made.site_packages is not None
    made.site_packages.parent.rename(tmp_path / ".venv" / "lib" / "pypy3.10")
    assert made.site_packages == tmp_path / ".venv" / "lib" / "pypy3.10" / "site-packages"
    assert ailment(made) is None


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_an_unfinished_change(tmp_path: Path, platform: str) -> None:
    made = build(tmp_path / ".venv", platform)
    made.marker.touch()
    assert "interrupted" in str(ailment(made))


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_an_interpreter_that_is_gone(tmp_path: Path, platform: str) -> None:
    made = build(tmp_path / ".venv", platform)
    made.python.unlink()
    assert ailment(made) == "its interpreter is gone"


@posix
def test_an_interpreter_that_leads_nowhere(tmp_path: Path) -> None:
    made = build(tmp_path / ".venv")
    made.python.unlink()
    made.python.symlink_to(tmp_path / "nowhere")
    assert ailment(made) == "its interpreter is gone"


def test_an_interpreter_in_a_folder_that_is_closed_to_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = build(tmp_path / ".venv")
    real = Path.exists

    def exists(self: Path) -> bool:
        if self == made.python:
            raise PermissionError
        return real(self)

    monkeypatch.setattr(Path, "exists", exists)
    assert ailment(made) == "its interpreter is gone"


@pytest.mark.parametrize("key", ["base-executable", "executable", "home"])
@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_base_that_has_vanished(tmp_path: Path, key: str, platform: str) -> None:
    gone = tmp_path / "gone"
    made = build(tmp_path / ".venv", platform, config=f"{key} = {gone}\n")
    assert ailment(made) == f"the Python it was made from is gone: {gone}"


def test_a_base_that_nobody_tells_of(tmp_path: Path) -> None:
    assert ailment(build(tmp_path / ".venv", config="version = 3.12.1\n")) is None


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_no_site_packages(tmp_path: Path, platform: str) -> None:
    made = build(tmp_path / ".venv", platform)
    assert made.site_packages is not None
    made.site_packages.rename(made.site_packages.with_name("other"))
    assert ailment(made) == "it has no site-packages folder"


def test_no_pip(tmp_path: Path) -> None:
    assert ailment(build(tmp_path / ".venv", pip=False)) == "pip is missing in it"


def test_half_a_pip(tmp_path: Path) -> None:
    made = build(tmp_path / ".venv")
    assert made.site_packages is not None
    (made.site_packages / "pip-26.3.dist-info" / "RECORD").unlink()
    assert ailment(made) == "pip is missing in it"


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        (["web-1.0", "util-2.0"], None),
        (["web-1.0", "Web-2.0"], "it holds web twice: 2.0 and 1.0"),
        (["web-1.0", "odd_name-1.0 "], "its odd-name is damaged: the list of its files is missing"),
    ],
)
def test_what_no_installer_can_mend(tmp_path: Path, folders: list[str], expected: str | None) -> None:
    made = build(tmp_path / ".venv")
    assert made.site_packages is not None
    for name in folders:
        folder = made.site_packages / f"{name.strip()}.dist-info"
        folder.mkdir()
        if name == name.strip():
            (folder / "RECORD").touch()
    assert ailment(made) == expected


WRITTEN = [
    "    VIRTUAL_ENV={}\n",
    "    VIRTUAL_ENV='{}'\n",
    'if cygwin\n    export VIRTUAL_ENV=$(cygpath "{}")\nelse\n    export VIRTUAL_ENV="{}"\n',
    '    VIRTUAL_ENV="$CURRENT_ENV"\nelse\n    VIRTUAL_ENV={}\n',
]


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_one_that_was_moved_or_copied(tmp_path: Path, text: str, platform: str) -> None:
    made = build(tmp_path / ".venv", platform)
    activate = made.scripts / "activate"
    activate.write_text(text.replace("{}", str(made.path)), encoding="utf-8")
    assert ailment(made) is None
    elsewhere = tmp_path / "other" / ".venv"
    activate.write_text(text.replace("{}", str(elsewhere)), encoding="utf-8")
    assert ailment(made) == f"it was made in another place: {elsewhere}"


@posix
def test_another_way_to_the_same_place_is_no_other_place(tmp_path: Path) -> None:
    made = build(tmp_path / "project" / ".venv")
    (tmp_path / "link").symlink_to(tmp_path / "project")
    (made.scripts / "activate").write_text(f"VIRTUAL_ENV={tmp_path / 'link' / '.venv'}\n")
    assert ailment(made) is None


@pytest.mark.parametrize("content", [b"", b"\xff", b"VIRTUAL_ENV=$HOME/x\n"])
def test_an_activate_that_tells_nothing(tmp_path: Path, content: bytes) -> None:
    made = build(tmp_path / ".venv")
    (made.scripts / "activate").write_bytes(content)
    assert ailment(made) is None
