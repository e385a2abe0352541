from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from dotenv import dotenv_values

from tests import command
from tests.command import Completed
from tests.values.conftest import Write, posix

Run = Callable[..., Completed]
SHOW = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]


def shown(done: Completed) -> dict[str, str]:
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def test_the_program_gets_the_values(write: Write, bootstrap: Run) -> None:
    write({".env.example": "A=\nB=\nPORT=\n", ".env": "A=1\nB='two words'\nPORT=${A}000\nEXTRA=x\n"})
    seen = shown(bootstrap("run", "--", *SHOW, A="host"))
    assert {key: seen[key] for key in ("A", "B", "PORT", "EXTRA")} == {
        "A": "host",
        "B": "two words",
        "PORT": "host000",
        "EXTRA": "x",
    }
    seen = shown(bootstrap("run", "--override", "--", *SHOW, A="host"))
    assert (seen["A"], seen["PORT"]) == ("1", "1000")
    assert "EXTRA" not in shown(bootstrap("run", "--", *SHOW, A="1", B="2", PORT="3", CI="1"))


def test_the_environment_is_that_of_an_active_venv(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": "A=\n", ".env": "A=1\n"})
    before = shown(bootstrap("run", *SHOW))
    assert "VIRTUAL_ENV" not in before
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    seen = shown(
        bootstrap("run", *SHOW, PYTHONHOME=sys.base_prefix)
        if sys.platform == "win32"
        else bootstrap("run", *SHOW)
    )
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    assert seen["VIRTUAL_ENV"] == str(folder / ".venv")
    assert seen["PATH"].split(os.pathsep)[0] == str(folder / ".venv" / scripts)
    done = bootstrap("run", "--", "python", "-c", "import sys; print(sys.prefix)")
    assert done.out.strip() == str(folder / ".venv")


def test_missing_values_start_nothing(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": "A=\nB=\n", ".env": "A=1\n"})
    done = bootstrap("run", "--", sys.executable, "-c", "open('started', 'w')")
    assert (done.code, done.out) == (1, "")
    assert "  error  B  missing (.env.example line 2)\n" in done.err
    write({".env": "A='\n"})
    assert bootstrap("run", "--", sys.executable, "-c", "open('started', 'w')").code == 2
    assert not (folder / "started").exists()
    assert bootstrap("run", "--json", "--source=host", "--", "x").codes == ["missing", "missing"]


def test_without_an_example_there_is_nothing_to_check(write: Write, bootstrap: Run) -> None:
    write({"pyproject.toml": "", ".env": "A=1\n"})
    assert shown(bootstrap("run", *SHOW))["A"] == "1"
    assert bootstrap("run", "--file", "other.env", *SHOW).code == 2


@pytest.mark.parametrize("words", [["run"], ["run", "--"], ["run", "--", "no-such-program"]])
def test_what_cannot_be_started(write: Write, bootstrap: Run, words: list[str]) -> None:
    write({".env.example": "A=\n", ".env": "A=1\n"})
    done = bootstrap(*words)
    assert done.code == (1 if len(words) > 2 else 2)
    assert "  fix: " in done.err


def test_the_exit_code_and_the_streams_are_the_programs(write: Write, bootstrap: Run) -> None:
    write({".env.example": "A=\n", ".env": "A=1\n"})
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(37)"
    done = bootstrap("run", "--", sys.executable, "-c", code)
    assert (done.code, done.out.strip(), done.err.strip()) == (37, "out", "err")
    done = bootstrap(
        "run", sys.executable, "-c", "import sys; print(sys.argv[1:])", "--json", "-q", "--", "x"
    )
    assert done.out.strip() == "['--json', '-q', '--', 'x']"


@posix
def test_the_program_takes_the_place_of_the_tool(write: Write, folder: Path) -> None:
    write({".env.example": "A=\n", ".env": "A=1\n"})
    code = (
        "import os, signal; print(os.getpid(), signal.getsignal(signal.SIGINT) is signal.default_int_handler,"
        " flush=True); signal.pause()"
    )
    words = [sys.executable, "-P", "-m", "bootstrap", "run", "--", sys.executable, "-c", code]
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        process = subprocess.Popen(
            words, cwd=folder, env=command.environment(), stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert process.stdout is not None
        with process.stdout as out:
            pid, _ = out.readline().split()
            assert int(pid) == process.pid
            process.send_signal(number)
            assert process.wait(20) == -number


@posix
def test_a_closed_pipe_ends_the_program(write: Write, folder: Path) -> None:
    write({".env.example": "A=\n", ".env": "A=1\n"})
    bootstrap = f"'{sys.executable}' -P -m bootstrap run --"
    done = subprocess.run(
        ["bash", "-c", f"{bootstrap} yes | head -n1; echo ${{PIPESTATUS[0]}}"],
        cwd=folder,
        env=command.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("y\n141\n", "")


@posix
def test_a_locale_of_ascii_alone_stops_no_value(write: Write, bootstrap: Run) -> None:
    write({".env.example": "A=\n", ".env": "A=\u00e9\n"})
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "HOSTS": "\u2603"}
    words = ["printenv", "A", "HOSTS"]
    done = bootstrap("run", "--", *words, **ascii_alone)
    assert (done.code, done.out) == (0, "\u00e9\n\u2603\n")


def test_nothing_is_written(write: Write, folder: Path, bootstrap: Run, isolated: Path) -> None:
    write({".env.example": "A=\n", ".env": "A=1\n"})
    before = command.fingerprint(folder), command.fingerprint(isolated)
    shown(bootstrap("run", *SHOW, PYTHONDONTWRITEBYTECODE="1"))
    assert (command.fingerprint(folder), command.fingerprint(isolated)) == before


def test_the_values_are_those_of_python_dotenv(write: Write, bootstrap: Run, folder: Path) -> None:
    text = "A='x y'\nB=\"1\\n2\"\nC=${A}-${NONE:-d}\nexport D = e # f\nE='1\n2'\n"
    write({".env.example": "A=\n", ".env": text})
    seen = shown(bootstrap("run", *SHOW))
    assert seen.items() >= dotenv_values(folder / ".env").items()
