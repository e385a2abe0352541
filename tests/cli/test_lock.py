"""``bootstrap lock``, from the words of its command line to the locks, the report and the exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests import command
from tests.command import Completed
from tests.index.server import PackageIndex

LAYERS = {
    "base.in": "web<3\n",
    "dev.in": "-r base.in\ntool\n",
    "docs.in": "writer\n",
}


Lock = Callable[..., Completed]


class Shelf:
    """An index that got newer versions after ``locks`` were made of the first ones."""

    def __init__(self, index: PackageIndex, folder: Path) -> None:
        self.index = index
        self._publish("1.0")
        root = new(folder, LAYERS)
        assert self.lock(cwd=root).code == 0
        self.locks = texts(root)
        self._publish("2.0")
        index.add("web", "2.1", ["util"], yanked="it leaks")
        index.add("web", "3.0", ["util"])

    def lock(self, *words: str, cwd: Path, **variables: str) -> Completed:
        return command.run("lock", *words, cwd=cwd, env={"PIP_INDEX_URL": self.index.url, **variables})

    def _publish(self, version: str) -> None:
        for name, requires in {"web": ["util"], "util": [], "tool": ["util"], "writer": []}.items():
            self.index.add(name, version, requires)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with PackageIndex() as index:
        yield Shelf(index, tmp_path_factory.mktemp("first") / "project")


@pytest.fixture
def project(tmp_path: Path, isolated: Path, shelf: Shelf) -> Path:
    """Give a project whose locks are fresh, and older than the index."""
    return new(tmp_path / "project", {**LAYERS, **shelf.locks})


def new(root: Path, files: Mapping[str, str]) -> Path:
    (root / "requirements").mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    (root / ".python-version").write_text(command.PYTHON_VERSION, encoding="utf-8")
    for name, text in files.items():
        write(root, name, text)
    return root.resolve()


def write(root: Path, name: str, text: str) -> None:
    (root / "requirements" / name).write_text(text, encoding="utf-8", newline="\n")


def texts(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (root / "requirements").glob("*.txt")}


def moved(root: Path) -> dict[str, dict[str, str]]:
    """Return the pins of each layer that are not at 1.0."""
    locks = {path.stem: command.versions(path) for path in (root / "requirements").glob("*.txt")}
    newer = {
        name: {pin: version for pin, version in found.items() if version != "1.0"}
        for name, found in locks.items()
    }
    return {name: found for name, found in newer.items() if found}


def test_nothing_stale_asks_nobody(project: Path, shelf: Shelf) -> None:
    shelf.index.forget_requests()
    done = shelf.lock(cwd=project)
    assert (done.code, done.err) == (0, f"up to date: Python {command.PYTHON_VERSION}, 3 locks\n")
    assert (texts(project), shelf.index.paths()) == (shelf.locks, [])


def test_only_what_is_stale_is_compiled_and_what_moved_is_told(project: Path, shelf: Shelf) -> None:
    write(project, "dev.in", "-r base.in\nwriter\n")
    done = shelf.lock(cwd=project)
    assert done.code == 0, done.err
    assert "compiled dev: 1 added, 1 removed" in done.err
    assert "tool 1.0 -> gone (dev)" in done.err
    assert "writer new -> 1.0 (dev)" in done.err
    assert {name for name, text in texts(project).items() if text != shelf.locks[name]} == {"dev.txt"}
    assert moved(project) == {}


def test_a_layer_is_compiled_with_those_it_builds_on_and_no_other(project: Path, shelf: Shelf) -> None:
    write(project, "base.in", "web>=2,<3\n")
    write(project, "docs.in", "writer>=2\n")
    done = shelf.lock("dev", "--json", cwd=project)
    assert done.code == 0, done.err
    assert moved(project) == {"base": {"web": "2.0"}, "dev": {"web": "2.0"}}
    assert done.document["command"] == "lock"
    assert done.statuses == {"python": "unchanged", "locks": "changed"}
    assert shelf.lock("--check", cwd=project).code == 3
    assert shelf.lock("docs", cwd=project).code == 0
    assert moved(project)["docs"] == {"writer": "2.0"}
    assert shelf.lock("--check", cwd=project).code == 0


def test_a_fresh_lock_is_not_compiled_because_it_is_named(project: Path, shelf: Shelf) -> None:
    assert shelf.lock("docs", cwd=project).err.startswith("up to date")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-P writer", {"docs": {"writer": "2.0"}}),
        ("-P util", {"base": {"util": "2.0"}, "dev": {"util": "2.0"}}),
        ("-P WEB<2.1 docs", {}),
        ("-P web<2.1", {"base": {"web": "2.0"}, "dev": {"web": "2.0"}}),
        ("-P tool -P web", {"base": {"web": "2.0"}, "dev": {"web": "2.0", "tool": "2.0"}}),
    ],
)
def test_a_package_is_moved(
    project: Path, shelf: Shelf, words: str, expected: Mapping[str, Mapping[str, str]]
) -> None:
    done = shelf.lock(*words.split(), cwd=project)
    assert done.code == 0, done.err
    assert moved(project) == expected
    for name, version in {pin: to for pins in expected.values() for pin, to in pins.items()}.items():
        layers = ", ".join(layer for layer in ("base", "dev", "docs") if name in expected.get(layer, {}))
        assert f"{name} 1.0 -> {version} ({layers})" in done.err
    assert shelf.lock("--check", cwd=project).code == 0


def test_everything_is_moved_as_far_as_the_requirements_allow(project: Path, shelf: Shelf) -> None:
    done = shelf.lock("--upgrade", cwd=project)
    assert done.code == 0, done.err
    assert "compiled base, docs, dev: 4 changed" in done.err
    both = {"web": "2.0", "util": "2.0"}
    assert moved(project) == {"base": both, "dev": {**both, "tool": "2.0"}, "docs": {"writer": "2.0"}}
    assert "no pin moved" in shelf.lock("--upgrade", cwd=project).err


def test_an_upgrade_of_one_layer_moves_what_another_shares_with_it_and_nothing_else(
    project: Path, shelf: Shelf
) -> None:
    write(project, "docs.in", "-r base.in\nwriter\n")
    assert shelf.lock(cwd=project).code == 0
    assert moved(project) == {}
    done = shelf.lock("dev", "--upgrade", cwd=project)
    assert done.code == 0, done.err
    both = {"web": "2.0", "util": "2.0"}
    assert moved(project) == {"base": both, "dev": {**both, "tool": "2.0"}, "docs": both}


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--check"], 3), (["--dry-run"], 0), (["--check", "docs"], 0), (["--check", "dev"], 3)],
)
def test_looking_changes_nothing_and_asks_nobody(
    project: Path, shelf: Shelf, words: list[str], code: int
) -> None:
    write(project, "base.in", "# the web\nweb>=2,<3\n")
    before = command.fingerprint(project)
    shelf.index.forget_requests()
    done = shelf.lock(*words, "--json", cwd=project)
    assert (done.code, command.fingerprint(project), shelf.index.paths()) == (code, before, [])
    if "docs" in words:
        assert done.statuses["locks"] == "unchanged"
        return
    assert done.statuses["locks"] == "would-change"
    [problem] = done.document["problems"]
    assert (problem["code"], problem["file"], problem["line"]) == ("stale-lock", "requirements/base.in", 2)
    assert "base.in:2 web<3,>=2 is not satisfied by web==1.0" in problem["message"].replace(
        ">=2,<3", "<3,>=2"
    )


def test_a_dry_run_says_what_an_upgrade_would_compile(project: Path, shelf: Shelf) -> None:
    done = shelf.lock("--upgrade", "--dry-run", cwd=project)
    assert (done.code, moved(project)) == (0, {})
    assert "compile base, docs, dev: --upgrade was given" in done.err
    assert "warning" not in done.err


@pytest.mark.parametrize(
    ("words", "told", "hint"),
    [
        (["production"], "there is no layer called production", "base, docs, dev"),
        (["-P", "flask"], "-P flask: no layer has flask", ".in file"),
        (["-P", "web=2"], "-P web=2 is no requirement", "-P django"),
        (["--check", "-P", "flask"], "-P flask: no layer has flask", ".in file"),
        (["--sideways"], "--sideways", "--help"),
    ],
)
def test_wrong_usage(project: Path, shelf: Shelf, words: list[str], told: str, hint: str) -> None:
    before = command.fingerprint(project)
    done = shelf.lock(*words, cwd=project)
    assert (done.code, command.fingerprint(project)) == (2, before)
    assert told in done.err
    assert hint in done.err


def test_what_cannot_be_had_leaves_the_locks_as_they_are(project: Path, shelf: Shelf) -> None:
    write(project, "dev.in", "-r base.in\ntool\nweb>=3\n")
    before = command.fingerprint(project)
    done = shelf.lock("--json", cwd=project)
    assert (done.code, done.codes, command.fingerprint(project)) == (1, ["conflict"], before)
    [problem] = done.document["problems"]
    assert "web<3 (requirements/base.in:1)" in problem["message"]
    assert "web>=3 (requirements/dev.in:3)" in problem["message"]


def test_a_yanked_pin_is_told(project: Path, shelf: Shelf) -> None:
    write(project, "base.in", "web==2.1\n")
    done = shelf.lock("--json", cwd=project)
    assert (done.code, done.codes) == (0, ["yanked"])
    assert "it leaks" in done.document["problems"][0]["message"]
    assert moved(project)["dev"] == {"web": "2.1"}


def test_a_project_without_layers(tmp_path: Path, isolated: Path, shelf: Shelf) -> None:
    done = shelf.lock("--json", cwd=new(tmp_path / "project", {}))
    assert (done.code, done.statuses["locks"]) == (0, "skipped")


def test_locking_alone_loads_nothing_that_makes_environments(project: Path, shelf: Shelf) -> None:
    write(project, "base.in", "web>=2,<3\n")
    code = (
        "import sys; sys.argv[1:] = ['lock']; from bootstrap.__main__ import main; code = main(); "
        "sys.exit(code or ('virtualenv' in sys.modules))"
    )
    env = command.environment({"PIP_INDEX_URL": shelf.index.url})
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=project, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert moved(project)["base"]["web"] == "2.0"


# Counts the processes that are started for locking, and sees that the command line is not loaded before.
COUNTING = """
import sys
from bootstrap.system import processes
started, start = [], processes.start
def counting(command):
    assert "bootstrap.cli.main" not in sys.modules
    started.append(start(command))
    return started[-1]
processes.start = counting
sys.argv[1:] = ["lock"]
from bootstrap.__main__ import main
code = main()
sys.exit(code or 7 * (len(started) != 1))
"""


def test_the_process_that_locks_is_the_one_that_was_started_first(project: Path, shelf: Shelf) -> None:
    write(project, "base.in", "web>=2,<3\n")
    assert shelf.lock(cwd=project).code == 0
    write(project, "docs.in", "writer>=2\n")
    done = subprocess.run(
        [sys.executable, "-P", "-c", COUNTING],
        cwd=project,
        env=command.environment({"PIP_INDEX_URL": shelf.index.url}),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert moved(project)["docs"]["writer"] == "2.0"


def test_the_next_lock_asks_for_no_metadata(project: Path, shelf: Shelf, tmp_path: Path) -> None:
    write(project, "base.in", "web>=2,<3\n")
    assert shelf.lock(cwd=project).code == 0
    write(project, "dev.in", "-r base.in\n")
    shelf.index.forget_requests()
    assert shelf.lock(cwd=project, PIP_CACHE_DIR=str(tmp_path / "another")).code == 0
    assert shelf.index.paths("simple")
    assert shelf.index.paths("metadata") == []


def test_an_environment_that_is_behind_the_locks_is_told(project: Path, shelf: Shelf) -> None:
    write(project, "docs.in", "writer>=2\n")
    assert "then:" not in shelf.lock(cwd=project).err
    done = command.run("--layer", "docs", cwd=project, env={"PIP_INDEX_URL": shelf.index.url})
    assert done.code == 0, done.err
    write(project, "docs.in", "writer<2\n")
    assert "then:" not in shelf.lock("--check", cwd=project).err
    assert shelf.lock(cwd=project).err.endswith("\n  then: bootstrap\n")
