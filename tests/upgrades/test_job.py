"""Whole jobs: the tool as a process, real pip, real environments, the local index."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import command
from tests.command import Completed
from tests.upgrades.shelf import Shelf, publish

New = Callable[[], Shelf]
NAMES = ("alpha", "beta", "delta", "gamma")
LAYERS = {"base.in": "alpha\nbeta\ngamma\n", "dev.in": "-r base.in\ndelta\nlib\n"}
ONE = {"dev.in": "alpha\nbeta\ngamma\ndelta\nlib\n"}
"""One layer alone: half the environments."""


def made(shelf: Shelf, *breaks: dict[str, str], layers: Mapping[str, str] = ONE, **more: Any) -> Shelf:
    """Lock a project to versions 1.0, and publish 2.0 of everything."""
    publish(shelf.index, ["1.0"], NAMES)
    shelf.index.add("lib", "1.0", ["alpha"])
    shelf.make(layers)
    publish(shelf.index, ["1.1", "2.0"], NAMES)
    shelf.index.add("lib", "2.0", ["alpha>=2", "extra"])
    shelf.index.add("extra", "0.1")
    shelf.rules(*breaks, **more)
    return shelf


@dataclass(frozen=True)
class Done:
    """A job that was run, with the project as it was before and is after it."""

    shelf: Shelf
    before: dict[str, str]
    ended: Completed
    report: str

    @property
    def data(self) -> dict[str, Any]:
        upgrade: dict[str, Any] = self.ended.document["upgrade"]
        return upgrade


def done(shelf: Shelf, *words: str, **variables: str) -> Done:
    before, report = shelf.locks(), shelf.root.parent / "report.md"
    ended = shelf.upgrade("--json", "--report", str(report), *words, **variables)
    return Done(shelf, before, ended, report.read_text() if report.exists() else "")


@pytest.fixture(scope="module")
def green(new_shelf: New) -> Done:
    shelf = made(new_shelf(), layers=LAYERS, **{"import": ["alpha", "lib"]})
    (shelf.root / ".venv").mkdir()
    (shelf.root / ".venv" / "mine").write_text("kept")
    return done(shelf)


@pytest.fixture(scope="module")
def one_culprit(new_shelf: New) -> Done:
    return done(made(new_shelf(), {"gamma": "2.0"}, layers=LAYERS))


class TestGreen:
    def test_all_locks_are_replaced(self, green: Done) -> None:
        assert green.ended.code == 0, green.ended.err
        assert green.shelf.pins() == {**dict.fromkeys((*NAMES, "lib"), "2.0"), "extra": "0.1"}
        assert green.shelf.pins("base") == dict.fromkeys(("alpha", "beta", "gamma"), "2.0")

    def test_the_baseline_and_the_proof_are_all_that_is_run(self, green: Done) -> None:
        first, last = green.shelf.runs
        assert (first["alpha"], last["alpha"], last["extra"]) == ("1.0", "2.0", "0.1")

    def test_nothing_else_of_the_project_changed(self, green: Done) -> None:
        names = {path.name for path in green.shelf.root.iterdir()}
        assert names == {".git", ".venv", ".python-version", "check.py", "pyproject.toml", "requirements"} | {
            "rules.json"
        }
        assert (green.shelf.root / ".venv" / "mine").read_text() == "kept"
        assert not (green.shelf.root / "requirements" / "holds.toml").exists()

    def test_the_document(self, green: Done) -> None:
        assert green.ended.document["command"] == "upgrade"
        assert green.ended.document["status"] == "changed"
        moved = {move["package"]: (move["from"], move["to"], move["bump"]) for move in green.data["upgraded"]}
        assert moved["alpha"] == ("1.0", "2.0", "major")
        assert moved["extra"] == (None, "0.1", "new")
        assert green.data["tests"]["runs"] == 2
        assert green.data["tests"]["not_imported"] == ["beta", "delta", "extra", "gamma"]
        assert green.data["held"] == []

    def test_the_report(self, green: Done) -> None:
        assert "6 packages upgraded" in green.report.splitlines()[0]
        assert "never imported by the test run:** beta, delta, extra, gamma" in green.report

    def test_the_locks_are_fresh_and_no_second_job_finds_anything(self, green: Done) -> None:
        assert green.shelf.run("lock", "--check").code == 0
        again = green.shelf.upgrade()
        assert (again.code, len(green.shelf.runs)) == (0, 2)
        assert "up to date" in again.err


class TestOneCulprit:
    def test_it_is_held_and_all_else_goes_in(self, one_culprit: Done) -> None:
        assert one_culprit.ended.code == 0, one_culprit.ended.err
        assert one_culprit.shelf.pins() == {
            **dict.fromkeys(("alpha", "beta", "delta", "lib"), "2.0"),
            "extra": "0.1",
            "gamma": "1.0",
        }
        (held,) = one_culprit.data["held"]
        assert [move["package"] for move in held["packages"]] == ["gamma"]
        assert held["why"] == "on its own"
        assert held["excerpt"][0].startswith("FAILED tests/test_shop.py::test_it - TypeError: gamma")

    def test_it_is_remembered(self, one_culprit: Done) -> None:
        text = (one_culprit.shelf.root / "requirements" / "holds.toml").read_text()
        for line in ('package = "gamma"', 'kept = "1.0"', 'tried = "2.0"'):
            assert line in text

    def test_the_last_run_was_that_of_what_is_locked_now(self, one_culprit: Done) -> None:
        proofs = [run for run in one_culprit.shelf.runs if run["gamma"] == "1.0" and run["alpha"] == "2.0"]
        assert {
            name: version for name, version in proofs[-1].items() if name != "pip"
        } == one_culprit.shelf.pins()

    def test_next_month_takes_four_runs_and_the_month_after_it_passes(self, one_culprit: Done) -> None:
        shelf = one_culprit.shelf
        publish(shelf.index, ["2.1"], ("alpha", "beta", "delta"))
        before = len(shelf.runs)
        second = done(shelf)
        assert second.ended.code == 0, second.ended.err
        assert len(shelf.runs) - before <= 4
        assert (shelf.pins()["alpha"], shelf.pins()["gamma"]) == ("2.1", "1.0")
        assert second.data["held"][0]["why"] == "as it did before"
        shelf.rules()
        third = done(shelf)
        assert third.ended.code == 0, third.ended.err
        assert shelf.pins()["gamma"] == "2.0"
        assert not (shelf.root / "requirements" / "holds.toml").exists()


def test_a_pair_that_breaks_only_together_ends_green(shelf: Shelf) -> None:
    """Each passes alone, and a tool that tries them one by one would take both."""
    job = done(made(shelf, {"beta": "2.0", "delta": "2.0"}))
    assert job.ended.code == 0, job.ended.err
    pins = shelf.pins()
    assert sorted((pins["beta"], pins["delta"])) == ["1.0", "2.0"]
    assert (pins["alpha"], pins["gamma"]) == ("2.0", "2.0")
    (held,) = job.data["held"]
    assert held["why"] == "only together with others"
    assert {*held["among"], held["packages"][0]["package"]} >= {"beta", "delta"}
    assert {name: version for name, version in shelf.runs[-1].items() if name in pins} != {}
    last_green = [
        run for run in shelf.runs if all(run.get(name) == version for name, version in pins.items())
    ]
    assert last_green


def test_what_needs_a_culprit_stays_with_it(shelf: Shelf) -> None:
    job = done(made(shelf, {"alpha": "2.0"}))
    assert job.ended.code == 0, job.ended.err
    assert shelf.pins() == {**dict.fromkeys(("beta", "delta", "gamma"), "2.0"), "alpha": "1.0", "lib": "1.0"}
    assert [move["package"] for move in job.data["held"][0]["dragged"]] == ["lib"]


def test_a_red_baseline_stops_it(shelf: Shelf) -> None:
    made(shelf, {"alpha": "1.0"})
    before = command.fingerprint(shelf.root)
    ended = shelf.upgrade("--json")
    assert (ended.code, ended.document["status"]) == (1, "baseline red")
    assert "TypeError: alpha" in ended.document["problems"][0]["message"]
    assert command.fingerprint(shelf.root) == before
    assert len(shelf.runs) == 2


def test_no_resolution_is_told_apart(shelf: Shelf) -> None:
    made(shelf)
    shelf.index.remove("alpha", "1.0")
    shelf.index.add("beta", "3.0", ["nowhere"])
    for version in ("1.1", "2.0"):
        shelf.index.remove("alpha", version)
    before = command.fingerprint(shelf.root)
    ended = shelf.upgrade("--json")
    assert (ended.code, ended.document["status"]) == (1, "no resolution")
    assert command.fingerprint(shelf.root) == before


@pytest.mark.parametrize(("word", "code"), [("--check", 3), ("--dry-run", 0)])
def test_looking_changes_nothing(shelf: Shelf, word: str, code: int) -> None:
    made(shelf)
    before = command.fingerprint(shelf.root)
    ended = shelf.upgrade(word)
    assert ended.code == code, ended.err
    assert "alpha 1.0 -> 2.0 (major, direct; dev)" in ended.err
    assert "extra new -> 0.1 (new, transitive; dev)" in ended.err
    assert (command.fingerprint(shelf.root), shelf.runs) == (before, [])


def test_only_what_is_named_moves(shelf: Shelf) -> None:
    made(shelf)
    job = done(shelf, "beta", "gamma<2")
    assert job.ended.code == 0, job.ended.err
    assert shelf.pins() == {**dict.fromkeys(("alpha", "delta", "lib"), "1.0"), "beta": "2.0", "gamma": "1.1"}
    wrong = shelf.upgrade("nothing-like-it")
    assert wrong.code == 2
    assert "no layer pins nothing-like-it" in wrong.err


def test_only_a_layer_moves(shelf: Shelf) -> None:
    publish(shelf.index, ["1.0"], ("alpha", "beta", "tool"))
    shelf.make({"base.in": "alpha\n", "dev.in": "-r base.in\nbeta\n", "docs.in": "tool\n"})
    publish(shelf.index, ["2.0"], ("alpha", "beta", "tool"))
    assert shelf.upgrade("--layer", "docs").code == 0
    assert (shelf.pins(), shelf.pins("docs")) == ({"alpha": "1.0", "beta": "1.0"}, {"tool": "2.0"})


def test_a_failure_by_chance_is_no_culprit(shelf: Shelf) -> None:
    job = done(made(shelf, flaky=[2]))
    assert job.ended.code == 0, job.ended.err
    assert shelf.pins()["gamma"] == "2.0"
    assert (job.data["held"], job.data["tests"]["flaky"]) == ([], 1)
    assert "**Flaky:** 1" in job.report


def test_what_cannot_be_installed_is_held(shelf: Shelf) -> None:
    made(shelf)
    shelf.index.fail("/files/gamma-2.0-py3-none-any.whl", 404)
    job = done(shelf)
    assert job.ended.code == 0, job.ended.err
    assert (shelf.pins()["gamma"], shelf.pins()["alpha"]) == ("1.0", "2.0")
    assert job.data["held"][0]["reason"] == "install"
    assert "127.0.0.1" not in job.report + json.dumps(job.data)


def test_a_locked_file_that_is_gone_is_a_red_baseline(shelf: Shelf) -> None:
    made(shelf)
    shelf.index.fail("/files/gamma-1.0-py3-none-any.whl", 404)
    before = command.fingerprint(shelf.root)
    ended = shelf.upgrade("--json", UV_CACHE_DIR=str(shelf.root.parent / "empty"), PIP_NO_CACHE_DIR="1")
    assert (ended.code, ended.document["status"]) == (1, "baseline red")
    assert "what is locked now cannot be installed" in ended.document["problems"][0]["message"]
    assert command.fingerprint(shelf.root) == before


def test_exit_code_125_says_that_nothing_can_be_said(shelf: Shelf) -> None:
    job = done(made(shelf, {"gamma": "2.0"}, code=125))
    assert job.ended.code == 0, job.ended.err
    assert job.data["held"][0]["reason"] == "cannot-judge"


def test_without_tests_only_installing_counts(shelf: Shelf) -> None:
    job = done(made(shelf, {"gamma": "2.0"}), "--no-test")
    assert job.ended.code == 0, job.ended.err
    assert (shelf.pins()["gamma"], shelf.runs) == ("2.0", [])
    assert "No tests were run" in job.report


def test_a_limit_on_runs_ends_with_what_is_proven(shelf: Shelf) -> None:
    job = done(made(shelf, {"gamma": "2.0"}), "--max-runs", "4")
    assert job.ended.code == 0, job.ended.err
    assert len(shelf.runs) <= 4
    moved = {name for name, version in shelf.pins().items() if version != "1.0"}
    assert moved
    assert "gamma" not in moved
    assert "gamma" in [move["package"] for move in job.data["untried"]]


def test_stale_locks_are_refused(shelf: Shelf) -> None:
    made(shelf)
    shelf.write("requirements/dev.in", "alpha>=2\nbeta\ngamma\ndelta\nlib\n")
    ended = shelf.upgrade("--json")
    assert (ended.code, ended.codes) == (1, ["stale-lock"])
    assert "bootstrap lock" in ended.document["problems"][0]["hint"]


def test_a_test_command_is_needed(shelf: Shelf) -> None:
    made(shelf)
    shelf.write("pyproject.toml", "")
    ended = shelf.upgrade("--json")
    assert (ended.code, ended.codes) == (2, ["no-test-command"])
    missing = shelf.upgrade("--json", "--test", "no-such-program --fast")
    assert (missing.code, missing.codes) == (2, ["no-test-command"])


def test_a_lock_that_changes_meanwhile_is_not_overwritten(shelf: Shelf) -> None:
    made(shelf, layers=LAYERS)
    lock = shelf.root / "requirements" / "base.txt"
    script = f"import pathlib; p = pathlib.Path({str(lock)!r}); p.write_text(p.read_text() + '# mine\\n')"
    shelf.write("check.py", script)
    ended = shelf.upgrade("--json")
    assert (ended.code, ended.codes) == (1, ["changed-meanwhile"])
    assert lock.read_text().endswith("# mine\n")
    assert "alpha==1.0" in (shelf.root / "requirements" / "dev.txt").read_text()


class TestCooldown:
    def test_what_is_too_young_stays_and_nothing_goes_back(self, shelf: Shelf) -> None:
        publish(shelf.index, ["1.0"], ("alpha", "beta"))
        shelf.index.add("beta", "1.5", uploaded="2099-01-01T00:00:00Z")
        shelf.make({"dev.in": "alpha\nbeta\n"})
        publish(shelf.index, ["2.0"], ("alpha",))
        shelf.index.add("alpha", "3.0", uploaded="2099-01-01T00:00:00Z")
        job = done(shelf, "--cooldown", "7")
        assert job.ended.code == 0, job.ended.err
        assert shelf.pins() == {"alpha": "2.0", "beta": "1.5"}
        (why,) = job.data["not_newest"]
        assert (why["name"], why["newest"], why["why"]) == (
            "alpha",
            "3.0",
            "cooldown: released on 2099-01-01",
        )

    def test_an_index_without_upload_times_cannot_have_one(self, shelf: Shelf) -> None:
        made(shelf)
        shelf.index.json = False
        before = command.fingerprint(shelf.root)
        ended = shelf.upgrade("--cooldown", "7", "--json")
        assert (ended.code, ended.codes) == (1, ["no-upload-times"])
        assert "does not tell when files were uploaded" in ended.err
        assert command.fingerprint(shelf.root) == before
        without = shelf.upgrade("--json")
        assert without.code == 0, without.err


def test_the_tests_run_in_a_copy_with_what_they_need(shelf: Shelf) -> None:
    publish(shelf.index, ["1.0"], ("alpha",))
    shelf.make({"dev.in": "alpha\n"})
    publish(shelf.index, ["2.0"], ("alpha",))
    shelf.write("pyproject.toml", '[tool.bootstrap]\ntest-command = ["python", "look.py"]\ncopy = [".env"]\n')
    shelf.write(".gitignore", ".env\nsecret.txt\n")
    shelf.write(".env", "TOKEN=abcdefgh\n")
    shelf.write("secret.txt", "stays\n")
    shelf.write("untracked.txt", "comes along\n")
    look = """
import json, os, pathlib, sys
names = ("CI", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
facts = {name: os.environ.get(name) for name in names}
facts |= {"files": sorted(os.listdir()), "cwd": os.getcwd(), "prefix": sys.prefix}
with open(os.environ["SHELF_LOG"], "a") as log:
    log.write(json.dumps(facts) + "\\n")
pathlib.Path("left.txt").write_text("by the tests")
"""
    shelf.write("look.py", look)
    ended = shelf.upgrade(VIRTUAL_ENV="/elsewhere")
    assert ended.code == 0, ended.err
    for facts in shelf.runs:
        assert [facts[name] for name in ("CI", "PYTHONPATH", "PYTHONHOME")] == ["1", None, None]
        assert facts["VIRTUAL_ENV"] == facts["prefix"] != "/elsewhere"
        assert Path(facts["cwd"]) != shelf.root
        assert {".env", "untracked.txt", "look.py"} <= set(facts["files"])
        assert {"secret.txt", "left.txt", ".git"}.isdisjoint(facts["files"])
    assert not (shelf.root / "left.txt").exists()


def test_no_value_of_the_environment_is_told_or_kept(shelf: Shelf) -> None:
    made(shelf, {"gamma": "2.0"}, print={"host": "HOST_TOKEN", "file": "FILE_TOKEN"})
    shelf.write(".env", "FILE_TOKEN='in the file'\n")
    shelf.write(".env.test", "TEST_TOKEN=of-the-tests\n")
    shelf.write(
        "pyproject.toml", '[tool.bootstrap]\ntest-command = ["python", "check.py"]\ncopy = [".env.test"]\n'
    )
    text = "import os; print('FAILED a::b -', os.environ['HOST_TOKEN'], 'in the file', 'of-the-tests')\n"
    shelf.write(
        "check.py", (shelf.root / "check.py").read_text().replace("for rule in", f"{text}for rule in")
    )
    job = done(shelf, "-v", HOST_TOKEN="s3cret-of-the-host")
    assert job.ended.code == 0, job.ended.err
    cache = Path(os.environ["BOOTSTRAP_CACHE_DIR"])
    told = job.ended.out + job.ended.err + job.report
    kept = "".join(path.read_text(errors="replace") for path in cache.glob("upgrades/*/*"))
    holds = (shelf.root / "requirements" / "holds.toml").read_text()
    for secret in ("s3cret-of-the-host", "in the file", "of-the-tests"):
        assert secret not in told + kept + holds
    assert "FAILED a::b - **** **** ****" in json.dumps(job.data)
