"""What is too young is left out, and nothing that is locked goes back because of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.locks.cooldown import cut_off
from bootstrap.locks.pip_tools import Moves, PipTools, knows_upload_times
from tests.index.server import PackageIndex
from tests.locks.compiling import HOLD_ALL, Work, pins, version_of

MARCH = "2025-03-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, None), (0, None), (1, "2024-12-31T00:00:00+00:00"), (366, "2024-01-01T00:00:00+00:00")],
)
def test_the_cut_off_is_an_instant(days: int | None, expected: str | None) -> None:
    assert cut_off(1_735_689_600_000_000_000, days) == expected


class Cooled(Work):
    """A project that takes nothing younger than March."""

    def pip_tools(self, moves: Moves = HOLD_ALL) -> PipTools:
        """Return how the engine starts pip-tools."""
        return replace(super().pip_tools(moves), uploaded_before=MARCH)


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        for name in ("app", "secure"):
            index.add(name, "1.0", uploaded="2025-01-01T00:00:00Z")
            index.add(name, "1.1", uploaded="2025-02-01T00:00:00Z")
            index.add(name, "2.0", uploaded="2025-04-01T00:00:00Z")
        index.add("needs", "1.0", ["secure"], uploaded="2025-01-01T00:00:00Z")
        yield index


@pytest.fixture(scope="module")
def _with_upload_times() -> None:
    pip = version_of("pip")
    if not knows_upload_times(pip):
        pytest.skip(f"pip {pip} knows no upload times: a project with a cooldown gets another")


@pytest.fixture
def work(tmp_path: Path, shelf: PackageIndex, isolated: Path, _with_upload_times: None) -> Cooled:
    return Cooled(tmp_path, shelf)


def test_what_is_too_young_is_left_out_and_the_lock_does_not_tell(work: Cooled) -> None:
    work.write({"base.in": "app\n", "dev.in": "-r base.in\nneeds\n"})
    locks = work.compiled()
    assert pins(locks) == {"app": "1.1", "secure": "1.1", "needs": "1.0"}
    assert all("uploaded" not in text and "2025" not in text for text in locks.values())


@pytest.mark.parametrize("moves", [HOLD_ALL, Moves(everything=True), Moves(packages={"secure": "secure"})])
def test_a_pin_never_goes_back(work: Cooled, moves: Moves) -> None:
    work.write({"base.in": "app<1.1\n", "dev.in": "-r base.in\nneeds\n"})
    Work(work.root, work.index).compiled()
    work.write({"base.in": "app\n", "dev.in": "-r base.in\nneeds\nsecure>=2\n"})
    found = pins(work.compiled(moves))
    assert found == {"app": "1.1" if moves.everything else "1.0", "secure": "2.0", "needs": "1.0"}


def test_a_pin_goes_back_where_its_requirement_says_so(work: Cooled) -> None:
    work.write({"base.in": "app\n"})
    assert pins(Work(work.root, work.index).compiled()) == {"app": "2.0"}
    work.write({"base.in": "app<2\n"})
    assert pins(work.compiled()) == {"app": "1.1"}


def test_a_requirement_that_only_a_young_version_meets_is_an_error(work: Cooled) -> None:
    work.write({"base.in": "app>=2\n"})
    with pytest.raises(BootstrapError) as caught:
        work.compiled()
    problem = caught.value.problem
    assert (problem.code, problem.file, problem.line) == ("not-found", "requirements/base.in", 1)
    assert "BOOTSTRAP_COOLDOWN=0" in str(problem.hint)


def test_an_index_without_upload_times_is_an_error(work: Cooled) -> None:
    with PackageIndex(json=False) as mirror:
        mirror.add("app", "1.0")
        work.index = mirror
        work.write({"base.in": "app\n"})
        with pytest.raises(BootstrapError, match="does not tell when files were uploaded") as caught:
            work.compiled()
        assert caught.value.problem.code == "no-upload-times"


def test_without_our_process_it_is_refused(work: Cooled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bootstrap.locks.pip_tools._TESTED", {"pip": ((1, 0), (1, 0))})
    work.write({"base.in": "app\n"})
    with pytest.raises(BootstrapError, match="the cooldown cannot be kept") as caught:
        work.compiled()
    assert caught.value.problem.code == "cooldown"
