"""A lock that was made on another platform is not taken for whole, and not made anew unasked."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests import command
from tests.index.server import PackageIndex
from tests.setup.conftest import new_project

HERE = f"sys_platform == '{sys.platform}'"


@pytest.fixture
def clone(tmp_path: Path, index: PackageIndex) -> Path:
    """Give a clone whose locks were made where ``helper`` and ``direct`` were not needed."""
    index.add("tool", "1.0", [f"helper>=1; {HERE}"])
    for name in ("helper", "direct", "six"):
        index.add(name, "1.0")
    root = new_project(tmp_path / "project")
    (root / "requirements").mkdir()
    (root / "requirements" / "base.in").write_text("tool\n")
    (root / "requirements" / "dev.in").write_text("-r base.in\nsix\n")
    assert command.run("lock", cwd=root).code == 0
    for lock in (root / "requirements").glob("*.txt"):
        lock.write_text(re.sub(r"(?m)^helper==1\.0 \\\n(?: .*\n)+", "", lock.read_text()))
    return root


def test_a_package_that_only_this_platform_needs(clone: Path, index: PackageIndex) -> None:
    locks = {path: path.read_text() for path in (clone / "requirements").glob("*.txt")}
    for _ in range(2):
        done = command.run("--json", cwd=clone)
        assert (done.code, done.codes) == (1, ["other-platform"]), done.err
        [problem] = done.document["problems"]
        assert "made on another platform than this one" in problem["message"]
        assert (
            "lack helper: requirements/base.txt has no pin for helper, which tool needs" in problem["message"]
        )
        assert problem["message"].count("which tool needs") == 1
        assert "name helper in a .in file without a marker" in problem["hint"]
        assert "bootstrap lock" in problem["hint"]
        assert {path: path.read_text() for path in locks} == locks
    index.forget_requests()
    for words, code in ((["--check"], 3), (["--locked"], 3), (["lock", "--check"], 3), (["--offline"], 1)):
        done = command.run(*words, "--json", cwd=clone)
        assert (done.code, set(done.codes)) == (code, {"other-platform"}), words
        assert any("helper" in one["message"] for one in done.document["problems"]), words
        assert all("without a marker" in one["hint"] for one in done.document["problems"]), words
    assert index.paths() == []
    done = command.run("lock", cwd=clone)
    assert done.code == 0, done.err
    assert "helper new -> 1.0 (base, dev)" in done.err
    assert command.run(cwd=clone).code == 0
    assert command.distributions(clone) == {"tool": "1.0", "helper": "1.0", "six": "1.0"}


def test_naming_it_mends_the_locks_of_all_platforms(clone: Path) -> None:
    assert command.run(cwd=clone).code == 1
    (clone / "requirements" / "base.in").write_text("tool\nhelper\n")
    done = command.run(cwd=clone)
    assert done.code == 0, done.err
    assert command.run("--check", cwd=clone).code == 0


def test_a_line_for_this_platform_in_a_lock_of_another(clone: Path, index: PackageIndex) -> None:
    """What the lock has for the other one tells before anything is installed that it was made there."""
    base, lock = clone / "requirements" / "base.in", clone / "requirements" / "base.txt"
    (clone / "requirements" / "dev.in").unlink()
    (clone / "requirements" / "dev.txt").unlink()
    base.write_text(f"six\ndirect; {HERE}\n")
    assert command.run("lock", cwd=clone).code == 0
    here = lock.read_text()
    base.write_text(f"six\ndirect; {HERE}\nother; sys_platform == 'none'\n")
    elsewhere = here.replace("direct==", "other==").replace(sys.platform, "none")
    lock.write_text(elsewhere)
    done = command.run("--json", cwd=clone)
    assert (done.code, done.codes) == (1, ["other-platform"]), done.err
    [problem] = done.document["problems"]
    assert (problem["file"], problem["line"]) == ("requirements/base.in", 2)
    assert "and lack direct: base.in:2 direct" in problem["message"]
    assert (lock.read_text(), (clone / ".venv").exists()) == (elsewhere, False)


def test_a_new_line_for_this_platform_is_just_locked(clone: Path, index: PackageIndex) -> None:
    (clone / "requirements" / "base.in").write_text(f"six\ndirect; {HERE}\n")
    assert command.run("lock", cwd=clone).code == 0
    done = command.run(cwd=clone)
    assert done.code == 0, done.err
    assert command.distributions(clone) == {"direct": "1.0", "six": "1.0"}
