"""``bootstrap new``, from its words to a project that is set up; the packages come from a local index."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import command
from tests.index.server import PackageIndex
from tests.scaffold.rendering import rendered

PYTHON = "{}.{}".format(*sys.version_info)
RUFF = {"ruff/__init__.py": b"", "ruff/__main__.py": b""}
# A Django as far as its `migrate` goes: it tells what it was called with and makes the database.
DJANGO = {
    "django/__init__.py": b"",
    "django/core/__init__.py": b"",
    "django/core/management.py": b"""
import os, pathlib, sys

def execute_from_command_line(words):
    said = [os.environ["DJANGO_SETTINGS_MODULE"], repr(os.environ.get("DATABASE_URL")), *words[1:]]
    pathlib.Path("db.sqlite3").write_text(" ".join(said))
    if "DJANGO_FAILS" in os.environ:
        sys.exit("django.db.utils.OperationalError: it broke")
    print("Operations to perform:\\n  Applying auth.0001... OK\\n  Applying users.0001_initial... OK")
""",
}
ON_SHELF: dict[str, tuple[str, Mapping[str, bytes] | None]] = {
    "dj-database-url": ("3.0.1", None),
    "django": ("6.1.3", DJANGO),
    "django-debug-toolbar": ("6.0.0", None),
    "gunicorn": ("23.0.0", None),
    "psycopg": ("3.2.9", None),
    "pytest": ("8.4.1", None),
    "pytest-django": ("4.11.1", None),
    "python-dotenv": ("1.1.1", None),
    "ruff": ("0.14.0", RUFF),
    "whitenoise": ("6.9.0", None),
}


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        for name, (version, files) in ON_SHELF.items():
            index.add(name, version, files=files, extras={"binary": []} if name == "psycopg" else None)
        yield index


def new(
    shelf: PackageIndex, *words: str, cwd: Path, env: Mapping[str, str] | None = None
) -> command.Completed:
    return command.run("new", *words, cwd=cwd, env={"PIP_INDEX_URL": shelf.url, **(env or {})})


def listing(root: Path) -> set[str]:
    skipped = (".git", ".venv", "__pycache__")
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if not set(path.parts) & set(skipped)}


needs_312 = pytest.mark.skipif(sys.version_info < (3, 12), reason="Django 6.1 needs Python 3.12")


@pytest.mark.parametrize("template", ["plain", pytest.param("django", marks=needs_312)])
def test_files_alone(tmp_path: Path, isolated: Path, shelf: PackageIndex, template: str) -> None:
    shelf.forget_requests()
    done = new(shelf, template, "my_app", "--no-install", cwd=tmp_path)
    assert done.code == 0, done.err
    root = tmp_path / "my_app"
    assert listing(root) == {*rendered(template, "my_app"), ".bootstrap.toml"}
    assert (root / ".python-version").read_text(encoding="utf-8") == f"{PYTHON}\n"
    assert (root / ".git").is_dir()
    assert shelf.paths() == []
    assert done.err.endswith("  go on: cd my_app && bootstrap\n")
    if template == "django" and sys.platform != "win32":
        assert (root / "src" / "manage.py").stat().st_mode & stat.S_IXUSR


def test_two_runs_with_equal_answers_write_equal_bytes(
    tmp_path: Path, isolated: Path, shelf: PackageIndex
) -> None:
    one, other = tmp_path / "Ünï code", tmp_path / "b"
    for folder in (one, other):
        done = new(
            shelf, "plain", "shop", "--directory", str(folder), "--no-install", "--no-git", cwd=tmp_path
        )
        assert done.code == 0, done.err
    assert {path: (one / path).read_bytes() for path in listing(one)} == {
        path: (other / path).read_bytes() for path in listing(other)
    }
    assert not (one / ".git").exists()


def test_a_dry_run_writes_nothing(tmp_path: Path, isolated: Path, shelf: PackageIndex) -> None:
    done = new(shelf, "plain", "shop", "--dry-run", cwd=tmp_path)
    assert (done.code, list(tmp_path.iterdir())) == (0, [isolated])
    assert "src/shop/__main__.py" in done.err
    assert done.err.endswith("nothing was changed\n")
    told = new(shelf, "plain", "shop", "--dry-run", "--json", cwd=tmp_path).document
    assert (told["command"], told["status"], told["project"]) == ("new", "unchanged", str(tmp_path / "shop"))
    assert [step["status"] for step in told["steps"]] == ["would-change"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["plain", "1abc"], "cannot be called '1abc'"),
        (["plain", "my-app"], "take another name, as in my_app"),
        (["django", "users"], "a module that the project needs"),
        (["plain", "class"], "a word of Python"),
        (["flask", "shop"], "flask"),
        (["plain", "shop", "--with", "mypy"], "the template plain has no feature called mypy"),
        (
            ["django", "shop", "--with", "redis"],
            "its features are: mypy, postgres-compose, celery-redis, sentry",
        ),
        (["django", "shop", "--python", "3.11"], "the template django needs Python >=3.12, not Python 3.11"),
        (["plain", "shop", "--python", "three"], "--python asks for 'three'"),
        (["plain"], "NAME"),
    ],
)
def test_wrong_usage_writes_nothing(
    tmp_path: Path, isolated: Path, shelf: PackageIndex, words: list[str], told: str
) -> None:
    done = new(shelf, *words, cwd=tmp_path)
    assert (done.code, list(tmp_path.iterdir())) == (2, [isolated])
    assert told in done.err


def test_what_lies_there_is_listed_and_left(tmp_path: Path, isolated: Path, shelf: PackageIndex) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "main.py").write_text("print()\n", encoding="utf-8")
    before = command.fingerprint(root)
    done = new(shelf, "plain", "shop", "--json", cwd=tmp_path)
    assert (done.code, done.codes, command.fingerprint(root)) == (2, ["not-empty"], before)
    assert "main.py" in done.document["problems"][0]["message"]


def test_a_repository_that_was_just_cloned_keeps_its_readme(git_project: Path, shelf: PackageIndex) -> None:
    (git_project / "README.md").write_text("mine\n", encoding="utf-8")
    done = new(shelf, "plain", "shop", "--directory", ".", "--no-install", cwd=git_project)
    assert done.code == 0, done.err
    assert "kept README.md" in done.err
    assert "it lies in a repository already" in done.err
    assert (git_project / "README.md").read_text(encoding="utf-8") == "mine\n"
    assert done.err.endswith("  go on: bootstrap\n")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, shelf: PackageIndex) -> tuple[Path, command.Completed]:
    """Give a finished plain project; a test must leave it as it was."""
    folder = tmp_path_factory.mktemp("new")
    done = new(shelf, "plain", "shop", "--json", cwd=folder)
    assert done.code == 0, done.err
    return folder / "shop", done


def test_a_plain_project_is_set_up(plain: tuple[Path, command.Completed]) -> None:
    root, done = plain
    assert (done.document["command"], done.document["status"]) == ("new", "changed")
    assert done.statuses == {
        "files": "changed",
        "git": "changed",
        "python": "unchanged",
        "venv": "changed",
        "locks": "changed",
        "install": "changed",
        "gitignore": "unchanged",
        "env": "changed",
    }
    assert command.distributions(root) == {"pytest": "8.4.1", "python-dotenv": "1.1.1", "ruff": "0.14.0"}
    if sys.platform != "win32":
        assert stat.S_IMODE((root / ".env").stat().st_mode) == 0o600


def test_it_tells_how_to_run_and_to_test(plain: tuple[Path, command.Completed]) -> None:
    if sys.platform == "win32":
        pytest.skip("the paths are those of POSIX")
    *_, run, test = plain[1].err.splitlines()
    assert run == "  run:  cd shop/src && ../.venv/bin/python -m shop"
    assert test == "  test: cd shop && .venv/bin/python -m pytest"
    line = run.partition(": ")[2].strip()
    ran = subprocess.run(["sh", "-c", line], cwd=plain[0].parent, capture_output=True, text=True, check=True)
    assert ran.stdout == "Hello, world!\n"


def test_nothing_is_left_to_do(plain: tuple[Path, command.Completed], shelf: PackageIndex) -> None:
    root, _ = plain
    env = {"PIP_INDEX_URL": shelf.url}
    assert command.run(cwd=root, env=env).err == f"up to date: Python {command.PYTHON_VERSION}, 3 packages\n"
    told = command.run("--json", cwd=root, env=env).document
    assert (told["command"], told["status"]) == ("setup", "unchanged")
    assert {step["name"] for step in told["steps"]} == {
        "python",
        "venv",
        "locks",
        "install",
        "gitignore",
        "env",
    }
    assert command.run("--check", cwd=root, env=env).code == 0


def test_git_takes_what_it_should(plain: tuple[Path, command.Completed]) -> None:
    root, _ = plain
    words = ["git", "ls-files", "--others", "--exclude-standard"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    locks = {f"requirements/{layer}.txt" for layer in ("base", "dev", "production")}
    assert set(done.stdout.split()) == {*rendered("plain", "shop"), *locks, ".bootstrap.toml"}


@needs_312
def test_a_django_project_is_migrated_in_its_own_database(
    tmp_path: Path, isolated: Path, shelf: PackageIndex
) -> None:
    of_another = {"DATABASE_URL": "postgres://elsewhere/x", "DJANGO_SETTINGS_MODULE": "other.settings"}
    done = new(shelf, "django", "shop", "--json", cwd=tmp_path, env=of_another)
    assert done.code == 0, done.err
    assert list(done.statuses)[-1] == "database"
    assert done.document["steps"][-1]["detail"] == "2 migrations applied"
    told = (tmp_path / "shop" / "db.sqlite3").read_text(encoding="utf-8")
    assert told == "shop.settings.dev '' migrate --noinput"
    assert "src/manage.py runserver" in done.err
    key = (tmp_path / "shop" / ".env").read_text(encoding="utf-8")
    assert "randomString" not in key


@needs_312
def test_a_migration_that_fails_is_told(tmp_path: Path, isolated: Path, shelf: PackageIndex) -> None:
    done = new(shelf, "django", "shop", "--json", cwd=tmp_path, env={"DJANGO_FAILS": "1"})
    assert (done.code, done.codes) == (1, ["migrate"])
    assert "OperationalError: it broke" in done.document["problems"][0]["message"]
    assert done.statuses["database"] == "failed"


def test_where_the_network_fails_the_project_stays_and_goes_on(
    tmp_path: Path, isolated: Path, shelf: PackageIndex
) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    done = new(shelf, "plain", "shop", cwd=tmp_path, env=nowhere)
    assert done.code == 1
    assert listing(tmp_path / "shop") == {*rendered("plain", "shop"), ".bootstrap.toml"}
    assert done.err.endswith("\n  go on: cd shop && bootstrap\n")
    again = command.run(cwd=tmp_path / "shop", env={"PIP_INDEX_URL": shelf.url})
    assert again.code == 0, again.err


def test_values_of_the_host_are_left_to_it(tmp_path: Path, isolated: Path, shelf: PackageIndex) -> None:
    done = new(shelf, "plain", "shop", "--json", cwd=tmp_path, env={"CI": "true"})
    assert (done.code, done.statuses["env"]) == (0, "skipped")
    assert not (tmp_path / "shop" / ".env").exists()


def test_one_folder_is_made_by_one_run(tmp_path: Path, isolated: Path, shelf: PackageIndex) -> None:
    words = [
        sys.executable,
        "-P",
        "-m",
        "bootstrap",
        "new",
        "plain",
        "shop",
        "--no-install",
        "--no-git",
        "--json",
    ]
    runs = [
        subprocess.Popen(
            words, cwd=tmp_path, env=command.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for _ in range(4)
    ]
    documents = [json.loads(run.communicate()[0]) for run in runs]
    assert sorted(document["exit_code"] for document in documents) == [0, 2, 2, 2]
    assert {path.name for path in tmp_path.iterdir()} == {isolated.name, "shop"}


def test_it_starts_from_another_folder(tmp_path: Path, isolated: Path, shelf: PackageIndex) -> None:
    (tmp_path / "work").mkdir()
    words = ["-C", "work", "new", "plain", "shop", "--no-install", "--no-git"]
    done = command.run(*words, cwd=tmp_path)
    assert (done.code, (tmp_path / "work" / "shop" / "pyproject.toml").exists()) == (0, True)
    assert done.err.endswith("  go on: cd work/shop && bootstrap\n")
