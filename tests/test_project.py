from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bootstrap import project
from bootstrap.errors import UsageError
from bootstrap.project import find_root, load
from bootstrap.settings import Settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a folder that is the top of a git repository, so that nothing above it counts."""
    folder = tmp_path.resolve() / "shop"
    (folder / ".git").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("mark", [".python-version", "requirements", "requirements.in", "pyproject.toml"])
def test_each_mark_makes_a_project(root: Path, mark: str) -> None:
    below = root / "src" / "deep"
    below.mkdir(parents=True)
    (root / mark).mkdir() if mark == "requirements" else (root / mark).touch()
    assert find_root(below) == find_root(root) == root


def test_the_nearest_mark_wins(root: Path) -> None:
    (root / "pyproject.toml").touch()
    (root / "tool").mkdir()
    (root / "tool" / "requirements.in").touch()
    assert find_root(root / "tool") == root / "tool"


@pytest.mark.parametrize("git", ["folder", "file"])
def test_the_git_root_is_as_far_as_it_goes(root: Path, git: str) -> None:
    (root / "pyproject.toml").touch()
    inner = root / "inner"
    (inner / "src").mkdir(parents=True)
    (inner / ".git").mkdir() if git == "folder" else (inner / ".git").write_text("gitdir: elsewhere")
    with pytest.raises(UsageError, match="no project found in") as caught:
        find_root(inner / "src")
    assert caught.value.problem.code == "no-project"
    (inner / "src" / "requirements.txt").touch()
    with pytest.raises(UsageError) as caught:
        find_root(inner / "src")
    assert "requirements.in" in str(caught.value.problem.hint)
    assert ".python-version" not in str(caught.value.problem.hint)


def test_a_link_leads_to_the_project_itself(root: Path, tmp_path: Path) -> None:
    (root / "pyproject.toml").touch()
    link = tmp_path / "link"
    try:
        link.symlink_to(root, target_is_directory=True)
    except OSError:
        pytest.skip("links need a privilege here")
    assert find_root(link) == root


def test_a_file_is_no_folder_to_start_from(root: Path) -> None:
    (root / "pyproject.toml").touch()
    with pytest.raises(UsageError, match=r"pyproject\.toml is not a folder"):
        find_root(root / "pyproject.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be deleted there")
def test_a_current_folder_that_was_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="is not a folder"):
        find_root(Path())
    os.chdir(tmp_path)


def test_a_folder_above_that_may_not_be_entered_holds_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(UsageError, match="no project found"):
        find_root(root)


def write(root: Path, text: str) -> None:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")


def test_settings_come_from_the_file_and_the_variables(root: Path) -> None:
    write(root, "[project]\nrequires-python = '>=3.11'\n[tool.bootstrap]\nvenv = 'env'\ninstaller = 'uv'\n")
    found = load(root, {"BOOTSTRAP_INSTALLER": "pip"})
    assert found.settings == Settings(venv="env", installer="pip")
    assert found.requires_python == ">=3.11"


@pytest.mark.parametrize("text", ["", "tool = 1\nproject = 2\n", "[project]\nrequires-python = 3\n"])
def test_a_file_that_says_nothing_of_it(root: Path, text: str) -> None:
    write(root, text)
    found = load(root, {})
    assert (found.settings, found.requires_python) == (Settings(), None)


def test_a_project_without_the_file(root: Path) -> None:
    (root / "requirements.in").touch()
    assert load(root, {}).settings == Settings()


def test_a_byte_order_mark_and_windows_line_ends(root: Path) -> None:
    (root / "pyproject.toml").write_bytes(b"\xef\xbb\xbf[tool.bootstrap]\r\nvenv = 'env'\r\n")
    assert load(root, {}).settings.venv == "env"


@pytest.mark.parametrize(
    ("content", "told", "line"),
    [
        (b"[tool.bootstrap]\nvenv = \n", "line 2", 2),
        (b"[tool.bootstrap]\nvenv = 'a'\nvenv = 'b'\n", "Cannot overwrite a value", 3),
        (b"[project]\nname = '\xff'\n", "not UTF-8", None),
        ("[project]".encode("utf-16"), "not UTF-8", None),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    root: Path, content: bytes, told: str, line: int | None
) -> None:
    (root / "pyproject.toml").write_bytes(content)
    with pytest.raises(UsageError, match=f"pyproject.toml cannot be read: .*{told}") as caught:
        load(root, {})
    assert (caught.value.problem.file, caught.value.problem.line) == ("pyproject.toml", line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool.bootstrap]\n# venv\nvenv = 1\n", 3),
        ("[tool.bootstrap]\r\ninstaller = 'pip'\r\n\r\nvenv = 1\r\n", 4),
        ("tool.bootstrap.venv = 1\n[project]\nname = 'venv'\n", 1),
        ("[tool]\nbootstrap = { installer = 'pip', venv = 1 }\n", 2),
        ("[tool.bootstrap]\n'venv' = [\n  'a',\n  'venv',\n]\n", 2),
        ('[project]\ndescription = """\nvenv = 0\n"""\nvenv = 3\n[tool.bootstrap]\nvenv = 1\n', 7),
        ("[[tool.other]]\nvenv = 1\n[tool.bootstrap]\n\nvenv\t= ''", 5),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(root: Path, text: str, line: int) -> None:
    (root / "pyproject.toml").write_bytes(text.encode())
    with pytest.raises(UsageError, match="venv must be a text") as caught:
        load(root, {})
    problem = caught.value.problem
    assert (problem.file, problem.key, problem.line) == ("pyproject.toml", "venv", line)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("[tool.bootstrap]\nvnev = 'env'\n", "vnev", 2),
        ("[project]\n[tool]\nbootstrap = 3\n", None, 3),
        ("[tool.bootstrap.vnev]\na = 1\n", "vnev", 1),
    ],
)
def test_a_table_that_is_wrong_is_told_with_its_line(
    root: Path, text: str, key: str | None, line: int
) -> None:
    write(root, text)
    with pytest.raises(UsageError) as caught:
        load(root, {})
    assert (caught.value.problem.key, caught.value.problem.line) == (key, line)


def test_a_wrong_variable_has_no_line(root: Path) -> None:
    write(root, "[tool.bootstrap]\nvenv = 'env'\n")
    with pytest.raises(UsageError, match="BOOTSTRAP_VENV") as caught:
        load(root, {"BOOTSTRAP_VENV": "/env"})
    problem = caught.value.problem
    assert (problem.file, problem.key, problem.line) == (None, None, None)


def test_where_a_setting_stands(root: Path) -> None:
    write(root, "[tool.bootstrap]\nlayers = ['dev']\n")
    found = load(root, {})
    assert (found.setting_line("layers"), found.setting_line("install")) == (2, None)


def test_a_folder_in_place_of_the_file(root: Path) -> None:
    (root / "pyproject.toml").mkdir()
    with pytest.raises(UsageError, match=r"pyproject\.toml cannot be read"):
        load(root, {})


def test_where_the_files_lie(root: Path) -> None:
    write(root, "[tool.bootstrap]\nvenv = 'env'\nenv-file = 'config/.env'\n")
    found = load(root, {})
    assert found.name == "shop"
    assert found.venv == root / "env"
    assert found.env_file == root / "config" / ".env"
    assert found.env_example == root / ".env.example"
    assert found.pyproject == root / "pyproject.toml"


def test_paths_are_shown_as_the_project_sees_them(root: Path) -> None:
    found = project.Project(root, Settings())
    assert found.shown(root / "requirements" / "base.in") == "requirements/base.in"
    assert found.shown(root.parent / "other") == str(root.parent / "other")
