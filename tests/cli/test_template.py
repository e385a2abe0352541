"""``bootstrap template update`` on a project whose template has moved on since."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bootstrap.scaffold import record
from tests import command

WORKFLOW, DOCKERFILE = ".github/workflows/ci.yml", "Dockerfile"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a new project of each template; a test must leave it as it was."""
    folder = tmp_path_factory.mktemp("fresh")
    for template in ("plain", "django"):
        words = ["new", template, "shop", "--directory", template, "--no-install", "--no-git"]
        done = command.run(*words, cwd=folder)
        if template == "django" and "3.12" in done.err:
            pytest.skip("Django's template needs Python 3.12 or later")
        assert done.code == 0, done.err
    return folder


@pytest.fixture
def project(tmp_path: Path, isolated: Path, fresh: Path) -> Path:
    """Give a project as an older template wrote it: two files were other ones then, and one was not there."""
    root = shutil.copytree(fresh / "django", tmp_path / "django")
    path = root / record.NAME
    known = record.parse(path.read_bytes())
    files = dict(known.files)
    del files[".gitattributes"]
    (root / ".gitattributes").unlink()
    for name in (WORKFLOW, DOCKERFILE):
        (root / name).write_bytes(b"old\n")
        files[name] = record.digest(b"old\n")
    old = record.Record(known.template, known.version, known.answers, files)
    path.write_text(record.text(old), encoding="utf-8", newline="\n")
    return root


def update(root: Path, *words: str) -> command.Completed:
    return command.run("template", "update", *words, cwd=root)


def test_a_fresh_project_is_up_to_date(fresh: Path, isolated: Path) -> None:
    for words in ([], ["--check"]):
        done = update(fresh / "plain", *words)
        assert (done.code, done.err) == (0, "up to date: template plain 1\n")


def test_what_nobody_changed_is_replaced(project: Path) -> None:
    done = update(project)
    assert done.code == 0, done.err
    for told in (f"replaced: {WORKFLOW}", f"replaced: {DOCKERFILE}", "added: .gitattributes"):
        assert told in done.err
    assert "FROM python:" in (project / DOCKERFILE).read_text(encoding="utf-8")
    assert update(project).err == "up to date: template django 1\n"


def test_looking_changes_nothing(project: Path) -> None:
    before = command.fingerprint(project)
    done = update(project, "--check", "--json")
    assert (done.code, command.fingerprint(project)) == (3, before)
    assert (done.document["status"], done.statuses) == ("drift", {"template": "would-change"})


def test_what_the_user_changed_stays_and_the_new_one_is_put_beside(project: Path) -> None:
    (project / DOCKERFILE).write_bytes(b"FROM mine\n")
    done = update(project, "--json")
    assert (done.code, done.codes) == (1, ["template-conflict"])
    assert "-FROM mine\n" in done.document["problems"][0]["message"]
    assert (project / DOCKERFILE).read_bytes() == b"FROM mine\n"
    beside = project / f"{DOCKERFILE}.new"
    assert beside.read_bytes().startswith(b"# Built from the production lock")
    assert "<<<<<<<" not in (project / WORKFLOW).read_text(encoding="utf-8")

    again = update(project)
    assert again.code == 1
    assert "of an earlier update is still there" in again.err
    assert update(project, "--check").code == 3
    beside.unlink()
    assert (update(project).code, (project / DOCKERFILE).read_bytes()) == (0, b"FROM mine\n")


def test_what_the_user_deleted_stays_deleted(project: Path) -> None:
    (project / DOCKERFILE).unlink()
    assert update(project).code == 0
    assert not (project / DOCKERFILE).exists()


def test_nothing_of_the_users_is_touched(project: Path) -> None:
    mine = [
        project / name for name in ("pyproject.toml", "src/manage.py", "requirements/base.in", "README.md")
    ]
    for path in mine:
        path.write_bytes(b"# mine\n")
    assert update(project).code == 0
    assert {path.read_bytes() for path in mine} == {b"# mine\n"}


def test_the_image_follows_the_projects_python(project: Path) -> None:
    (project / ".python-version").write_text("3.99.1\n", encoding="utf-8")
    assert update(project).code == 0
    assert "FROM python:3.99-slim" in (project / DOCKERFILE).read_text(encoding="utf-8")


def test_a_template_of_a_newer_tool_is_left(project: Path) -> None:
    path = project / record.NAME
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("version = 1", "version = 99"), encoding="utf-8")
    done = update(project, "--json")
    assert (done.code, done.codes) == (2, ["template-newer"])


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("features = []", 'features = ["gone"]', "gone"),
        ('python-minor = "', 'python-major = "', "python-minor"),
    ],
)
def test_a_record_that_does_not_fit_the_template(project: Path, line: str, instead: str, told: str) -> None:
    path = project / record.NAME
    text = path.read_text(encoding="utf-8")
    assert line in text
    path.write_text(text.replace(line, instead), encoding="utf-8")
    (project / ".python-version").unlink()
    done = update(project, "--json")
    assert (done.code, done.codes) == (2, ["unparsable"])
    assert told in done.document["problems"][0]["message"]


def test_a_project_from_no_template(git_project: Path) -> None:
    (git_project / ".python-version").write_text("3.12\n", encoding="utf-8")
    done = update(git_project, "--json")
    assert (done.code, done.codes) == (2, ["no-template"])
    assert command.run("template", cwd=git_project).code == 2
