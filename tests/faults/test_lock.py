"""``bootstrap lock`` killed at any change or moment, or left by its index: all locks are old, or all new."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import command
from tests.faults.subject import Subject, Whom, end_group, leftovers, publish
from tests.index.server import PackageIndex

UPGRADE = ("lock", "--upgrade")
Locks = dict[str, bytes]


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        yield publish(index)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, shelf: PackageIndex) -> Subject:
    """Give a project, saved, whose locks are fresh; an upgrade moves a pin of both."""
    subject = Subject(tmp_path_factory.mktemp("lock"), shelf.url).make()
    subject.write({"requirements/docs.in": "delta\n"})
    done = subject.run("lock")
    assert done.code == 0, done.err
    subject.write({"requirements/base.in": "alpha\n"})
    subject.save()
    return subject


@pytest.fixture(scope="module")
def new(made: Subject) -> Locks:
    """Give the locks that an upgrade nobody disturbs makes; all but one are other than before."""
    old = locks(made)
    assert made.die(0, "alone", *UPGRADE) == 0
    found = locks(made)
    assert [name for name in found if found[name] == old[name]] == ["docs.txt"]
    return found


@pytest.fixture
def subject(made: Subject, new: Locks, shelf: PackageIndex) -> Iterator[Subject]:
    made.restore()
    yield made
    shelf.mend()


def locks(subject: Subject) -> Locks:
    return {path.name: path.read_bytes() for path in sorted((subject.root / "requirements").glob("*.txt"))}


def wrong_after(subject: Subject, old: Locks, new: Locks) -> str | None:
    """Run the tool on what a kill left; return what is wrong with that."""
    done = subject.run("lock")
    found = locks(subject)
    if done.code != 0:
        return f"the next run ended with {done.code}: {done.err}"
    if found not in (old, new):
        return f"some are old and some are new: {[name for name in found if found[name] != old[name]]}"
    left = leftovers(subject)
    return f"left: {left}" if left else None


def kill_at(subject: Subject, at: int, whom: Whom, old: Locks, new: Locks) -> str | None:
    subject.restore()
    code = subject.die(at, whom, *UPGRADE)
    assert code == -signal.SIGKILL, f"change {at}: it was not killed: {code}"
    last = subject.changes()[-1].replace(str(subject.base), "")
    wrong = wrong_after(subject, old, new)
    return f"change {at} ({whom}): {last}: {wrong}" if wrong else None


def numbers(subject: Subject) -> list[str]:
    """Return the changes of an upgrade that nobody disturbs."""
    subject.restore()
    assert subject.die(0, "alone", *UPGRADE) == 0
    changes = subject.changes()
    subject.restore()
    return changes


def test_killed_while_the_locks_are_replaced(subject: Subject, new: Locks) -> None:
    old = locks(subject)
    changes = numbers(subject)
    begin = next(at for at, change in enumerate(changes, 1) if ".base.txt.bootstrap-new" in change)
    telling = [
        at
        for at, change in enumerate(changes[begin - 2 :], begin - 1)
        if change.startswith(("os.rename", "open"))
    ]
    assert len(telling) >= 6
    assert [wrong for at in telling if (wrong := kill_at(subject, at, "group", old, new))] == []


@pytest.mark.faults
@pytest.mark.parametrize("whom", ["alone", "group"])
def test_killed_at_every_change(
    subject: Subject, new: Locks, whom: Whom, capsys: pytest.CaptureFixture[str]
) -> None:
    old = locks(subject)
    points = range(1, len(numbers(subject)) + 1)
    found = [wrong for at in points if (wrong := kill_at(subject, at, whom, old, new))]
    with capsys.disabled():
        print(f"\nbootstrap lock, killed at each change ({whom}): {len(points)} points, {len(found)} wrong")
    assert found == []


@pytest.mark.faults
@pytest.mark.parametrize("whom", ["alone", "group"])
def test_killed_at_moments_of_the_clock(
    subject: Subject, new: Locks, whom: Whom, capsys: pytest.CaptureFixture[str]
) -> None:
    """While pip-compile is at work, too, which has no hook."""
    old, found = locks(subject), []
    shares = [number / 20 for number in range(1, 20)]
    for share in shares:
        subject.restore()
        process = subject.start(*UPGRADE)
        try:
            process.communicate(timeout=share * 1.5)
        except subprocess.TimeoutExpired:
            process.kill() if whom == "alone" else end_group(process)
            process.communicate()
        wrong = wrong_after(subject, old, new)
        found += [f"{share}: {wrong}"] if wrong else []
    with capsys.disabled():
        print(f"\nbootstrap lock, killed by the clock ({whom}): {len(shares)} points, {len(found)} wrong")
    assert found == []


def refused(subject: Subject) -> command.Completed:
    """Run an upgrade that must fail, and see that nothing was changed by it."""
    before = command.fingerprint(subject.root)
    done = subject.run(*UPGRADE)
    assert done.code == 1, done.err
    assert "  fix: " in done.err
    assert command.fingerprint(subject.root) == before
    assert leftovers(subject) == []
    return done


@pytest.mark.faults
@pytest.mark.parametrize("has_pages", [True, False], ids=["cache", "no cache"])
def test_an_index_that_dies_at_any_request(
    subject: Subject, shelf: PackageIndex, capsys: pytest.CaptureFixture[str], *, has_pages: bool
) -> None:
    """It answers ``k`` requests and none after them, for every ``k`` that a whole run asks."""
    cache = subject.base / "home" / ".cache" / "pip"

    def start_over() -> None:
        subject.restore()
        if not has_pages:
            shutil.rmtree(cache, ignore_errors=True)

    start_over()
    shelf.forget_requests()
    assert subject.run(*UPGRADE).code == 0
    asked = shelf.paths()
    assert len(asked) >= 4
    for answered in range(len(asked)):
        start_over()
        shelf.mend()
        shelf.die_after(answered)
        assert "cannot be reached (asked http" in refused(subject).err, answered
    for path in dict.fromkeys(asked):
        start_over()
        shelf.mend()
        shelf.fail(path, 500)
        assert "answered 500" in refused(subject).err, path
    with capsys.disabled():
        print(f"\nbootstrap lock, the index dies: {len(asked)} points; fails: {len(set(asked))} points")


def test_an_index_that_is_not_there(subject: Subject, shelf: PackageIndex, tmp_path: Path) -> None:
    shelf.fail("*", "silence")
    subject.write({"requirements/docs.in": "delta\nepsilon\n"})
    assert "/simple/" in refused(subject).err
