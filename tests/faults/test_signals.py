"""Ctrl-C and SIGTERM in each step: the right code, no child left, a line that says how to go on."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.subject import Subject, children, end_group, running
from tests.index.server import PackageIndex

_DEADLINE = 30.0


def reached(what: Callable[[], object], why: str) -> None:
    """Poll until something is so."""
    end = time.monotonic() + _DEADLINE
    while not what():
        assert time.monotonic() < end, f"not reached: {why}"
        time.sleep(0.005)


@contextmanager
def held_at(
    subject: Subject, index: PackageIndex, pattern: str, *arguments: str
) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """Start the tool and wait until the index got a request it does not answer; with the tool's children."""
    index.fail(pattern, "hang")
    index.forget_requests()
    process = subject.start(*arguments)
    try:
        wanted = re.compile(pattern.replace("*", ".*"))
        reached(lambda: any(map(wanted.fullmatch, index.paths())) or process.poll() is not None, pattern)
        yield process, children(process.pid)
    finally:
        index.mend()
        if process.poll() is None:
            end_group(process)
        process.communicate()


def continues(subject: Subject) -> None:
    done = subject.run()
    assert done.code == 0, done.err
    assert not list(subject.tmp.iterdir())
    assert not list(subject.root.glob(".*bootstrap-*"))


LOCKING, INSTALLING = "/simple/alpha/", "/files/*.whl"


BOTH = [
    pytest.param(signal.SIGINT, id="SIGINT"),
    pytest.param(signal.SIGTERM, id="SIGTERM", marks=pytest.mark.faults),
]


def rounds() -> Iterator[object]:
    """Yield each signal, to each circle, at each child; the normal run takes two of them."""
    quick = {(signal.SIGINT, "group", "pip"), (signal.SIGTERM, "alone", "locks")}
    for number in (signal.SIGINT, signal.SIGTERM):
        for whom in ("group", "alone"):
            for child, pattern in (("locks", LOCKING), ("pip", INSTALLING), ("uv", INSTALLING)):
                marks = () if (number, whom, child) in quick else pytest.mark.faults
                name = f"{number.name}-{whom}-{child}"
                yield pytest.param(
                    number, whom, (pattern, child.replace("locks", "uv")), id=name, marks=marks
                )


@pytest.mark.parametrize(("number", "whom", "held"), list(rounds()))
def test_a_signal_ends_the_run_and_its_children(
    subject: Subject, small: PackageIndex, number: signal.Signals, whom: str, held: tuple[str, str]
) -> None:
    pattern, installer = held
    arguments = ("--json", f"--installer={installer}")
    with held_at(subject, small, pattern, *arguments) as (process, started):
        assert started
        end_group(process, number) if whom == "group" else process.send_signal(number)
        out, err = process.communicate(timeout=_DEADLINE)
    code = {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert process.returncode == code, err
    document = json.loads(out)
    assert (document["status"], document["exit_code"]) == ("failed", code)
    assert document["steps"][-1]["status"] == "failed"
    assert "run bootstrap again to continue" in err
    assert "Traceback" not in err
    assert not [pid for pid in started if running(pid)]
    assert not subject.venv.exists()
    continues(subject)


@pytest.mark.parametrize("number", BOTH)
def test_the_old_environment_comes_back(
    subject: Subject, small: PackageIndex, number: signal.Signals
) -> None:
    assert subject.run("--installer=pip").code == 0
    (subject.venv / "precious.txt").write_text("kept")
    rebuild = ("--rebuild", "--installer=pip")
    with held_at(subject, small, INSTALLING, *rebuild) as (process, _):
        assert not (subject.venv / "precious.txt").exists()
        end_group(process, number)
        process.communicate(timeout=_DEADLINE)
    assert (subject.venv / "precious.txt").read_text() == "kept"
    assert subject.run("--check").code == 0
    assert (subject.venv / "bin" / "alpha").exists()
    continues(subject)


@pytest.mark.faults
def test_an_interrupt_before_anything_was_changed_leaves_the_environment_whole(
    subject: Subject, small: PackageIndex
) -> None:
    assert subject.run().code == 0
    subject.write({"requirements/dev.in": "-r base.in\ngamma\ndelta\n"})
    with held_at(subject, small, "/files/delta*.whl") as (process, _):
        end_group(process, signal.SIGINT)
        process.communicate(timeout=_DEADLINE)
    assert not (subject.venv / ".bootstrap-unfinished").exists()
    done = subject.run()
    assert done.code == 0
    assert "rebuilt" not in done.err


_AT_FIRST_SIGHT = """\
import importlib, os, signal, sys
sys.argv = ["bootstrap", "--json", "--rebuild"]
class Trap:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Trap())
from bootstrap.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("number", BOTH)
@pytest.mark.parametrize(
    "name", ["bootstrap.cli.main", "bootstrap.setup.pipeline", "virtualenv", "bootstrap.gitignore.git"]
)
def test_a_signal_while_it_still_imports(subject: Subject, number: signal.Signals, name: str) -> None:
    code = _AT_FIRST_SIGHT.format(name=name, number=int(number))
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=subject.root,
        env=subject.environment(),
        capture_output=True,
        text=True,
        timeout=_DEADLINE,
        check=False,
    )
    assert done.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number], done.stderr
    assert json.loads(done.stdout)["status"] == "failed"
    assert "Traceback" not in done.stderr


@pytest.mark.faults
def test_in_the_background_ctrl_c_is_not_for_it(subject: Subject, small: PackageIndex) -> None:
    """A shell starts ``bootstrap &`` with SIGINT ignored; it must stay so."""
    small.fail(LOCKING, "hang")
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subject.start()
    finally:
        signal.signal(signal.SIGINT, previous)
    reached(lambda: LOCKING in small.paths(), "the index is asked")
    end_group(process, signal.SIGINT)
    small.mend()
    _, err = process.communicate(timeout=_DEADLINE)
    assert process.returncode == 0, err


def test_the_next_run_waits_for_the_orphan_of_a_killed_one(subject: Subject, small: PackageIndex) -> None:
    """The pip of a killed run still writes into the environment; it holds the project's lock."""
    small.fail(INSTALLING, "hang")
    first = subject.start("--installer=pip")
    reached(lambda: small.paths("file"), "pip downloads")
    (orphan,) = children(first.pid)
    first.kill()
    first.communicate()
    assert running(orphan)
    second = subject.start("--installer=pip")
    assert second.stderr is not None
    line = second.stderr.readline()
    assert line.startswith("waiting for another bootstrap in this project")
    assert running(orphan)
    small.mend()
    _, err = second.communicate(timeout=2 * _DEADLINE)
    assert second.returncode == 0, err
    assert not running(orphan)
    assert subject.run("--check").code == 0
    assert not list(subject.tmp.iterdir())


@pytest.mark.faults
def test_a_signal_while_it_waits_for_another_run(subject: Subject, small: PackageIndex) -> None:
    with held_at(subject, small, LOCKING) as (first, _):
        second = subject.start()
        assert second.stderr is not None
        assert f"process {first.pid}" in second.stderr.readline()
        second.send_signal(signal.SIGINT)
        second.communicate(timeout=_DEADLINE)
        assert second.returncode == 130
        small.mend()
        _, err = first.communicate(timeout=_DEADLINE)
        assert first.returncode == 0, err


def test_two_runs_at_once(subject: Subject, small: PackageIndex) -> None:
    with held_at(subject, small, LOCKING) as (first, _):
        second = subject.start()
        assert second.stderr is not None
        assert f"process {first.pid}" in second.stderr.readline()
        small.mend()
        _, first_err = first.communicate(timeout=_DEADLINE)
        _, second_err = second.communicate(timeout=_DEADLINE)
    assert (first.returncode, second.returncode) == (0, 0), first_err + second_err
    assert "created" in first_err
    assert "created" not in second_err
    assert "compil" not in second_err
    assert subject.run("--check").code == 0


@pytest.mark.faults
def test_many_runs_at_once(subject: Subject) -> None:
    runs = [subject.start() for _ in range(6)]
    for process in runs:
        _, err = process.communicate(timeout=4 * _DEADLINE)
        assert process.returncode == 0, err
    assert subject.run("--check").code == 0


_NEEDS_PIP_TOOLS = """\
import dataclasses, os, sys
from pathlib import Path
from bootstrap import project
from bootstrap.environments import environment
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.progress import Silent
from bootstrap.pythons import interpreter
from bootstrap.report import Report
from bootstrap.setup import engine
from bootstrap.setup.context import Context
from bootstrap.setup.options import Options

class Resources:
    @staticmethod
    def files(_):
        return Path(sys.argv[1])

class Lines(Silent):
    def note(self, text):
        print(text, flush=True)

engine.resources = Resources
root = project.load(Path(), os.environ)
found = environment.look(root.venv, sys.platform)
context = Context(root, Options(), os.environ, sys.platform, Lines(), Report("setup"), found)
own = interpreter.inspect(Path(sys.executable), "own")
others = {**own.markers, "python_full_version": "0"}
context.interpreter = dataclasses.replace(own, base=Path(sys.executable), markers=others)
made = engine.python_with_pip_tools(context, PipConfiguration({"index-url": os.environ["PIP_INDEX_URL"]}))
print(made)
"""


def test_two_projects_need_the_same_environment_for_pip_tools(tmp_path: Path, small: PackageIndex) -> None:
    """It is shared by all projects of one Python: one makes it, the other waits and says for whom."""
    line = f"alpha==1.0 --hash={small.hash_of('alpha-1.0-py3-none-any.whl')}\n"
    (tmp_path / "compiler-environment.txt").write_text(line)
    subjects = [Subject(tmp_path / name, small.url).make() for name in ("one", "two")]
    env = {"BOOTSTRAP_CACHE_DIR": str(tmp_path / "cache"), "BOOTSTRAP_INSTALLER": "pip"}

    def start(subject: Subject) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _NEEDS_PIP_TOOLS, tmp_path],
            cwd=subject.root,
            env=subject.environment(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    small.fail(INSTALLING, "hang")
    first = start(subjects[0])
    reached(lambda: small.paths("file"), "pip downloads")
    second = start(subjects[1])
    assert second.stdout is not None
    assert second.stdout.readline() == f"waiting for pip-tools, which process {first.pid} installs\n"
    small.mend()
    outputs = [process.communicate(timeout=_DEADLINE) for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0], outputs
    assert outputs[0] == outputs[1]
    assert len(small.paths("file")) == 1
    (made,) = (tmp_path / "cache" / "compilers").iterdir()
    assert (made / "bin" / "alpha").exists()
    assert not (made / ".bootstrap-unfinished").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_does_not_disturb_the_end(subject: Subject, number: signal.Signals) -> None:
    """Once it is decided how the run ends, it says so in peace."""
    code = (
        "import os, signal, sys\n"
        "from bootstrap.system import signals\n"
        "try:\n"
        "    with signals.heard():\n"
        f"        os.kill(os.getpid(), {int(number)})\n"
        "except signals.Stopped:\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        "    print('in peace')\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=subject.environment(),
        capture_output=True,
        text=True,
        timeout=_DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "in peace\n"), done.stderr
