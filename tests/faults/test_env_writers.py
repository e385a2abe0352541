"""Whatever writes ``.env`` or its example is killed at every change, and run twice at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import command
from tests.faults.subject import DYING
from tests.values.terminal import drive

MINE = "# mine\nexport A='x'  # keep\nB=old\nOLD=1"
EXAMPLE = "A=1\n# b\nB=new\n\n# Optional: c\nC=\nD=4\n"


@dataclass
class Story:
    """A command that writes, the files before it, and what it is told on a terminal."""

    words: str
    before: Mapping[str, str]
    answers: list[str] = field(default_factory=list)


STORIES = {
    "seed": Story("env update", {".env.example": EXAMPLE}),
    "merge": Story("env update", {".env.example": EXAMPLE, ".env": MINE}),
    "defaults": Story(
        "env update --take-defaults", {".env.example": EXAMPLE, ".env": "A=1\nB=new\nC=\nD=4\n"}
    ),
    "annotate": Story("env annotate", {".env.example": EXAMPLE}),
    "from": Story("env annotate --from .env", {".env": MINE}),
    "fill": Story("env fill", {".env.example": EXAMPLE.replace("D=4", "D="), ".env": MINE}, ["four\n"]),
    "mode": Story("env check --fix-mode", {".env.example": "A=1\n", ".env": "A=2\n"}),
}


def laid_out(root: Path, story: Story) -> None:
    root.mkdir(parents=True)
    (root / "pyproject.toml").touch()
    for name, text in story.before.items():
        (root / name).write_text(text)


def die(root: Path, story: Story, at: int) -> list[str]:
    """Run the story until its change number ``at``, which kills it; returns what it was about to change."""
    log = root.parent / "changes"
    program = [str(DYING), str(log), "alone", str(at)]
    if story.answers:
        drive(story.words.split(), story.answers, cwd=root, program=program)
    else:
        words = [sys.executable, "-P", *program, *story.words.split()]
        subprocess.run(words, cwd=root, env=command.environment(), capture_output=True, check=False)
    return log.read_text().splitlines()


def complete(root: Path, story: Story) -> int:
    if story.answers:
        return drive(story.words.split(), story.answers, cwd=root).code
    return command.run(*story.words.split(), cwd=root).code


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir()}


@pytest.mark.parametrize(
    ("name", "step"),
    [("merge", 6), ("fill", 8), *(pytest.param(name, 1, marks=pytest.mark.faults) for name in STORIES)],
)
def test_a_killed_writer_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, isolated: Path, name: str, step: int
) -> None:
    story = STORIES[name]
    clean = tmp_path / "clean" / "project"
    laid_out(clean, story)
    count = len(die(clean, story, 0))
    wanted = contents(clean)
    assert count
    for at in range(1, count + 1, step):
        root = tmp_path / str(at) / "project"
        laid_out(root, story)
        before = contents(root)
        die(root, story, at)
        for file in (".env", ".env.example"):
            now = (root / file).read_bytes() if (root / file).exists() else None
            assert now in (before.get(file), wanted.get(file)) or b"OLD=1" in (now or b""), (at, file)
        left = complete(root, story)
        assert left in (0, 2 if name == "from" else 0), at
        assert contents(root) == wanted, at
    print(f"{name}: killed at {len(range(1, count + 1, step))} of {count} changes")


@pytest.mark.parametrize("name", ["seed", "merge", "annotate"])
def test_two_at_once_write_what_one_would(tmp_path: Path, isolated: Path, name: str) -> None:
    story = STORIES[name]
    clean, root = tmp_path / "clean" / "project", tmp_path / "both" / "project"
    for folder in (clean, root):
        laid_out(folder, story)
    assert complete(clean, story) == 0
    both = [
        subprocess.Popen(
            [sys.executable, "-P", "-m", "bootstrap", *story.words.split()],
            cwd=root,
            env=command.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in both:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert contents(root) == contents(clean)


def test_a_secret_is_generated_once_by_two_at_once(tmp_path: Path, isolated: Path) -> None:
    root = tmp_path / "project"
    laid_out(root, Story("", {".env.example": "".join(f"K{n}=randomHex(32)\n" for n in range(50))}))
    words = [sys.executable, "-P", "-m", "bootstrap", "env", "update", "--json"]
    both = [
        subprocess.Popen(words, cwd=root, env=command.environment(), stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    statuses = sorted('"changed"' in process.communicate(timeout=60)[0] for process in both)
    assert statuses == [False, False, True]


def test_what_another_wrote_while_a_question_stood_is_kept(tmp_path: Path, isolated: Path) -> None:
    """The answer goes into the file as it is then."""
    root = tmp_path / "project"
    laid_out(root, Story("", {".env.example": "A=\nB=\n", ".env": "A=\nB=\n"}))

    def answers() -> Iterator[str]:
        for answer in ("one\n", "two\n"):
            text = (root / ".env").read_text()
            (root / ".env").write_text(f"# written meanwhile\n{text}")
            yield answer

    assert drive(["env", "fill"], answers(), cwd=root).code == 0
    assert (root / ".env").read_text() == "# written meanwhile\n# written meanwhile\nA=one\nB=two\n"


@pytest.mark.parametrize("words", ["env update", "env fill"])
def test_a_file_that_is_mounted_on_its_own(tmp_path: Path, isolated: Path, words: str) -> None:
    root = tmp_path / "project"
    laid_out(root, Story("", {".env.example": "A=1\nB=\n", ".env": "A=x\n"}))
    (tmp_path / "outside").write_text("A=mounted\n")
    mount = ["mount", "--bind", str(tmp_path / "outside"), str(root / ".env")]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount, and not in every container")
    try:
        done = command.run(*words.split(), "--json", cwd=root)
        assert (done.code, done.codes) == (1, ["cannot-write"])
        assert "--in-place" in done.document["problems"][0]["hint"]
        assert (root / ".env").read_text() == "A=mounted\n"
        assert command.run("env", "update", "--in-place", cwd=root).code == 0
        assert (tmp_path / "outside").read_text() == "A=mounted\nB=\n"
    finally:
        subprocess.run(["umount", "--lazy", root / ".env"], check=True)


def test_no_other_user_reads_what_is_being_written(tmp_path: Path, isolated: Path) -> None:
    """The neighbour that is written first is for its owner alone too, whatever the umask."""
    root = tmp_path / "project"
    laid_out(root, STORIES["seed"])
    before = os.umask(0)
    try:
        log = die(root, STORIES["seed"], 0)
        at = next(n for n, line in enumerate(log, 1) if line.startswith("fsync"))
        modes = []
        for number in range(at, len(log) + 1):
            (root / ".env").unlink(missing_ok=True)
            die(root, STORIES["seed"], number)
            modes += [path.stat().st_mode & 0o777 for path in root.glob(".env*new")]
            modes += [(root / ".env").stat().st_mode & 0o777] if (root / ".env").exists() else []
    finally:
        os.umask(before)
    assert set(modes) == {0o600}
