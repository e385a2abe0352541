"""``kill -9`` at any moment, then a run: all is as if nothing had happened, and nobody lost a byte."""

from __future__ import annotations

import itertools
import queue
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.subject import OWN_ENV, Outcome, Subject, Whom, end_group, problems
from tests.index.server import PackageIndex

_WORKERS = 2
# Thousands of files are copied and removed one like the other: a few of them stand for all.
_BULK = re.compile(r"site-packages|/virtualenv/wheel/|^os\.(remove|rmdir) [^/]")


@dataclass(frozen=True, slots=True)
class Story:
    """A state of the project and a run that changes it."""

    name: str
    prepare: Callable[[Subject], None]
    arguments: tuple[str, ...] = ()


def _fresh_clone(subject: Subject) -> None:
    """All is still to be done; a file of the user's own is there already."""


def _set_up(subject: Subject) -> None:
    done = subject.run()
    assert done.code == 0, done.err


def _interpreter_gone(subject: Subject) -> None:
    _set_up(subject)
    (subject.venv / "bin" / "python").unlink()


def _lock_stale(subject: Subject) -> None:
    _set_up(subject)
    subject.write({"requirements/dev.in": "-r base.in\ndelta\n", "requirements/base.in": "alpha<1.1\n"})


def _env_grown(subject: Subject) -> None:
    _set_up(subject)
    subject.write(
        {
            ".env": OWN_ENV,
            ".env.example": "NAME=shop\nTOKEN=randomString(20)\n# new\nPORT=8000\n",
            ".gitignore": "# mine\r\n*.log\r\n.venv/",
        }
    )
    (subject.root / ".env").chmod(0o600)


STORIES = (
    Story("first run", _fresh_clone),
    Story("rebuild", _set_up, ("--rebuild",)),
    Story("rebuild, as the interpreter is gone", _interpreter_gone),
    Story("lock changed", _lock_stale),
    Story("env and ignore rules merged", _env_grown),
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A saved state, and how an undisturbed run ends that begins there."""

    subject: Subject
    clean: Outcome
    changes: list[str]
    seconds: float


def ready(story: Story, base: Path, index: PackageIndex) -> Ready:
    subject = Subject(base, index.url).make()
    story.prepare(subject)
    subject.save()
    # Where nothing was set up yet, the first run only fills the caches: the disturbed ones find them full.
    for _ in range(1 if subject.venv.exists() else 2):
        subject.restore()
        begin = time.monotonic()
        assert subject.die(0, "alone", *story.arguments) == 0
        seconds = time.monotonic() - begin
    # The run that follows a rebuild writes the stamp.
    assert subject.run().code == 0
    return Ready(subject, subject.outcome(), subject.changes(), seconds)


@dataclass(slots=True)
class Tally:
    """What came of all points of a story."""

    points: int = 0
    lost: int = 0
    wrong: list[str] | None = None

    def add(self, label: str, lost: int, wrong: Sequence[str]) -> None:
        self.points += 1
        self.lost += lost
        if lost:
            wrong = [*wrong, f"{lost} bytes lost"]
        if wrong:
            self.wrong = [*(self.wrong or []), f"{label}: {'; '.join(wrong)}"]


def look_at(state: Ready, label: str, tally: Tally, before: dict[str, bytes]) -> None:
    """Judge what a kill left, run the tool again, and judge what that made of it."""
    subject = state.subject
    lost = subject.lost(before)
    done = subject.run()
    wrong = [] if done.code == 0 else [f"the next run ended with {done.code}: {done.err}"]
    tally.add(label, lost + subject.lost(before), wrong or problems(subject, state.clean))


def kill_at(state: Ready, story: Story, at: int, whom: Whom, tally: Tally) -> None:
    subject = state.subject
    subject.restore()
    before = subject.user_bytes()
    code = subject.die(at, whom, *story.arguments)
    last = subject.changes()[-1].replace(str(subject.base), "")
    alive = [] if code == -signal.SIGKILL else [f"it was not killed: {code}"]
    look_at(state, f"{story.name}, change {at} ({whom}): {last}", tally, before)
    assert not alive, f"{story.name}, change {at}: {code}"


def telling(changes: Sequence[str], most: int) -> list[int]:
    """Return the numbers of up to ``most`` changes: a few of the bulk, the others evenly."""
    bulk = [number for number, change in enumerate(changes, 1) if _BULK.search(change)]
    others = [number for number, change in enumerate(changes, 1) if not _BULK.search(change)]
    return sorted({*_evenly(bulk, most // 5), *_evenly(others, most - most // 5)})


def _evenly(numbers: Sequence[int], most: int) -> list[int]:
    step = max(1.0, len(numbers) / most)
    return [numbers[int(position * step)] for position in range(min(most, len(numbers)))]


def in_two(states: Sequence[Ready], tasks: Sequence[Callable[[Ready], None]]) -> None:
    """Carry out the tasks, one at a time in each of the states, which lie in folders of their own."""
    free: queue.SimpleQueue[Ready] = queue.SimpleQueue()
    for state in states:
        free.put(state)

    def carry_out(task: Callable[[Ready], None]) -> None:
        state = free.get()
        try:
            task(state)
        finally:
            free.put(state)

    with ThreadPoolExecutor(len(states)) as pool:
        list(pool.map(carry_out, tasks))


def points(story: Story, numbers: Sequence[int], tally: Tally) -> Iterator[Callable[[Ready], None]]:
    whoms: Iterator[Whom] = itertools.cycle(("alone", "group"))
    for at, whom in zip(numbers, whoms, strict=False):
        yield lambda state, at=at, whom=whom: kill_at(state, story, at, whom, tally)  # type: ignore[misc]


def both(story: Story, folder: Path, index: PackageIndex) -> list[Ready]:
    with ThreadPoolExecutor(_WORKERS) as pool:
        folders = [folder / str(number) for number in range(_WORKERS)]
        return list(pool.map(lambda base: ready(story, base, index), folders))


@pytest.mark.parametrize(
    ("story", "signs"),
    [
        (
            STORIES[0],
            [
                r"mkdir .*/\.venv$",
                r"open .*/\.bootstrap-unfinished",
                r"open .*\.base\.txt\.bootstrap-new",
                r"rename .*\.dev\.txt\.bootstrap-new",
                r"started .*uv",
                r"rename .*\.env\.bootstrap-new",
            ],
        ),
        (
            STORIES[1],
            [
                r"mkdir .*/\.venv$",
                r"started .*uv",
                r"remove .*/\.bootstrap-unfinished",
                r"rename .*\.bootstrap-old",
                r"remove pyvenv\.cfg",
            ],
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Story) else "",
)
def test_a_dozen_moments(story: Story, signs: list[str], tmp_path: Path, served: PackageIndex) -> None:
    states, tally = both(story, tmp_path, served), Tally()
    numbers = [_last(sign, states[0].changes) for sign in signs]
    in_two(states, list(points(story, numbers, tally)))
    assert tally.points == len(signs)
    assert (tally.lost, tally.wrong) == (0, None)


def _last(sign: str, changes: Sequence[str]) -> int:
    """Return the number of the last change that a pattern finds."""
    return max(number for number, change in enumerate(changes, 1) if re.search(sign, change))


@pytest.mark.faults
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_change(
    story: Story, tmp_path: Path, served: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    states, tally = both(story, tmp_path, served), Tally()
    in_two(states, list(points(story, telling(states[0].changes, 50), tally)))
    with capsys.disabled():
        print(f"\n{story.name}: {tally.points} points, {tally.lost} bytes lost")
    assert not tally.wrong, "\n".join(tally.wrong)


@pytest.mark.faults
@pytest.mark.parametrize("story", STORIES[:2], ids=lambda story: story.name)
@pytest.mark.parametrize("whom", ["alone", "group"])
def test_moments_of_the_clock(
    story: Story, whom: Whom, tmp_path: Path, served: PackageIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    """The moments in which a child is at work, too: pip-compile and the installer have no hook."""
    states, tally = both(story, tmp_path, served), Tally()

    def kill_after(state: Ready, share: float) -> None:
        state.subject.restore()
        before = state.subject.user_bytes()
        process = state.subject.start(*story.arguments)
        try:
            process.communicate(timeout=share * state.seconds)
        except subprocess.TimeoutExpired:
            process.kill() if whom == "alone" else end_group(process)
            process.communicate()
        look_at(state, f"{story.name}, {share:.0%} of the time ({whom})", tally, before)

    shares = [number / 13 for number in range(1, 13)]
    in_two(states, [lambda state, share=share: kill_after(state, share) for share in shares])  # type: ignore[misc]
    with capsys.disabled():
        print(f"\n{story.name} by the clock ({whom}): {tally.points} points, {tally.lost} bytes lost")
    assert not tally.wrong, "\n".join(tally.wrong)
