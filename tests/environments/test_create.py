from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.environments import create
from bootstrap.environments.environment import Environment, Kind, ailment, look
from bootstrap.environments.packages import installed
from bootstrap.errors import BootstrapError


def make(path: Path) -> Environment:
    return create.create(path, Path(sys.executable), "shop", sys.platform)


def output(made: Environment, code: str) -> str:
    done = subprocess.run([made.python, "-I", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_real_environment_in_an_awkward_path(
    isolated: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Übung mit Leerzeichen" / ".venv"
    made = make(path)
    assert made.kind is Kind.ENVIRONMENT
    assert made.site_packages is not None
    assert installed(made.site_packages).versions.keys() == {"pip"}
    assert Path(output(made, "import sys; print(sys.prefix)")) == path
    assert output(made, "import pip, sys; print(sys.version_info[:2])") == str(tuple(sys.version_info[:2]))
    assert made.config["prompt"].strip('"') == "shop"
    assert "interrupted" in str(ailment(made)), "the mark lies in it until all is done"
    create.finish(made)
    assert ailment(made) is None
    assert capfd.readouterr() == ("", "")


def test_settings_of_virtualenv_change_nothing(
    isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[virtualenv]\nno-pip = true\nsystem-site-packages = true\nprompt = other\n"
    for folder in (
        ".config/virtualenv",
        "AppData/Local/pypa/virtualenv",
        "Library/Application Support/virtualenv",
    ):
        (isolated / folder).mkdir(parents=True)
        (isolated / folder / "virtualenv.ini").write_text(text, encoding="utf-8")
    monkeypatch.setenv("VIRTUALENV_NO_PIP", "1")
    monkeypatch.setenv("VIRTUALENV_SYSTEM_SITE_PACKAGES", "1")
    monkeypatch.setenv("VIRTUALENV_PYTHON", "2.6")
    monkeypatch.setenv("VIRTUALENV_CONFIG_FILE", str(isolated / ".config/virtualenv/virtualenv.ini"))
    made = make(tmp_path / "one")
    monkeypatch.delenv("VIRTUALENV_CONFIG_FILE")
    also = make(tmp_path / "two")
    for one in (made, also):
        assert one.site_packages is not None
        assert installed(one.site_packages).versions.keys() == {"pip"}
        assert one.config["include-system-site-packages"] == "false"
        assert one.config["prompt"].strip('"') == "shop"


def test_an_interpreter_that_is_none(isolated: Path, tmp_path: Path) -> None:
    with pytest.raises(BootstrapError, match=r"virtualenv could not make \.venv from") as caught:
        create.create(tmp_path / ".venv", tmp_path / "python", "x", sys.platform)
    assert caught.value.problem.code == "venv-failed"
    assert look(tmp_path / ".venv", sys.platform).marker.exists(), "what is there is known to be unfinished"


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """Lay something out that looks like an environment; its one file tells which."""
    return lay_out(tmp_path / ".venv", "old")


def lay_out(path: Path, name: str) -> Path:
    path.mkdir()
    (path / "pyvenv.cfg").touch()
    (path / name).touch()
    return path


def begun(path: Path) -> Path:
    lay_out(path, "new")
    create.begin(look(path, sys.platform))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_new_one_takes_the_place_of_the_old(venv: Path) -> None:
    with create.replacing(venv, sys.platform):
        assert not venv.exists()
        begun(venv)
    create.finish(look(venv, sys.platform))
    assert names(venv) == ["new", "pyvenv.cfg"]
    assert names(venv.parent) == [".venv"]


@pytest.mark.parametrize("error", [BootstrapError("x"), KeyboardInterrupt(), OSError()])
@pytest.mark.parametrize("far", ["before", "half-way"])
def test_the_old_one_comes_back(venv: Path, error: BaseException, far: str) -> None:
    def fail() -> None:
        with create.replacing(venv, sys.platform):
            if far == "half-way":
                begun(venv)
            raise error

    with pytest.raises(type(error)):
        fail()
    assert names(venv) == ["old", "pyvenv.cfg"]
    assert names(venv.parent) == [".venv"]


@pytest.mark.parametrize("there", ["nothing", "empty"])
def test_where_none_was_none_is_left(tmp_path: Path, there: str) -> None:
    venv = tmp_path / ".venv"
    if there == "empty":
        venv.mkdir()

    def fail() -> None:
        with create.replacing(venv, sys.platform):
            venv.mkdir(exist_ok=True)
            create.begin(look(venv, sys.platform))
            raise BootstrapError("x")

    with pytest.raises(BootstrapError):
        fail()
    assert names(tmp_path) == []


def test_what_a_killed_run_left_gives_way(venv: Path) -> None:
    venv.rename(create.aside(venv))
    begun(venv)
    (venv / "half").touch()
    with create.replacing(venv, sys.platform):
        assert not venv.exists()
        assert names(create.aside(venv)) == ["old", "pyvenv.cfg"]
        begun(venv)
    assert "half" not in names(venv)
    assert names(venv.parent) == [".venv"]


def test_the_old_one_that_a_killed_run_put_aside_comes_back(venv: Path) -> None:
    venv.rename(create.aside(venv))
    begun(venv)

    def fail() -> None:
        with create.replacing(venv, sys.platform):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(venv) == ["old", "pyvenv.cfg"]
    assert names(venv.parent) == [".venv"]


def test_one_that_cannot_be_renamed_stays(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("time.sleep", lambda _: None)
    with (
        pytest.raises(BootstrapError, match=r"cannot put \.venv aside") as caught,
        create.replacing(venv, "win32"),
    ):
        pytest.fail("it is still there")
    assert caught.value.problem.code == "venv-in-use"
    assert names(venv) == ["old", "pyvenv.cfg"]
