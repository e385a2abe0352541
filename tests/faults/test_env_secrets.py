"""One secret goes through every command about values, in success and in failure; then it is looked for.

It lies in ``.env``, in other environments, in the host environment, and is typed. It may stand in those
files alone: in no output, log, temporary file, cache, git object, command line, and in no example.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import command
from tests.values.terminal import drive

SECRET = "S3ntinelQx7ZtLm4"
PEM = f"-----BEGIN PRIVATE KEY-----\n{SECRET}{SECRET}\n{SECRET}==\n-----END PRIVATE KEY-----"
EXAMPLE = """\
# The key of the shop
STRIPE_API_KEY=replace-me
# @type=url
DATABASE_URL=
# @type=boolean
DEBUG=
# @type=number(max=3)
COUNT=
# @type=enum(a, b)
MODE=
# @type=array(int)
LIST=
# @type=json
JSON=
PEM=
REF=
"""
GOOD = (
    f"# {SECRET}\nSTRIPE_API_KEY={SECRET}\nDATABASE_URL=pg://u:{SECRET}@h:5432/{SECRET}\nDEBUG=true\nCOUNT=2\n"
    f"MODE=a\nLIST=1\nJSON='[\"{SECRET}\"]'\nPEM='{PEM}'\nREF=${{STRIPE_API_KEY}} # {SECRET}\nOLD={SECRET}\n"
)
BAD = "".join(
    f"{line.split('=')[0]}={SECRET}\n" for line in EXAMPLE.splitlines() if "=" in line and line[0] != "#"
)
UNREADABLE = [
    f"A={SECRET}\n{SECRET}\n",
    f"{SECRET}: x\n",
    f"A='{SECRET}\nB=1\n",
    f"A='{SECRET}'{SECRET}\n",
    f"A={SECRET}\0\n",
    f"<<<<<<< {SECRET}\nA={SECRET}\n",
    f"{SECRET}.x={SECRET}\n",
]
COMMANDS = [
    "env check",
    "env check -v --environment production",
    "env check --source file",
    "env check --source host",
    "env check --format github",
    "env check --json",
    "env check --override -v",
    "env check --file .env.staging",
    "env update",
    "env update --dry-run -v",
    "env update --check --json",
    "env update --take-defaults",
    "env diff .env staging",
    "env diff .env host",
    "env diff host staging --json",
    "env diff staging .env --keys-only",
    "env explain STRIPE_API_KEY",
    "env explain DATABASE_URL --json",
    "env explain DEBUG --source host -v",
    "env explain NOPE",
    "env annotate --dry-run",
    "env annotate",
    "env annotate --from .env",
    "env fill",
    "env fill --json",
    "run -- true",
    "run --source host -- sleep 0.05",
    "run -v --override -- no-such-program",
    "run --json -- true",
    "--skip python --skip venv --skip locks --skip install -v",
    "--skip python --skip venv --skip locks --skip install --json --check",
]


@dataclass
class Stage:
    """A project with the secret in it, and everything that was printed."""

    base: Path
    shown: list[str] = field(default_factory=list)
    runs: int = 0

    @property
    def root(self) -> Path:
        return self.base / "project"

    def environ(self, host: Mapping[str, str]) -> dict[str, str]:
        return {"TMPDIR": str(self.base / "tmp"), "PYTHONDONTWRITEBYTECODE": "1", **host}

    def write(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            (self.root / name).write_bytes(text.encode())
            (self.root / name).chmod(0o600)

    def run(self, line: str, host: Mapping[str, str]) -> int:
        done = command.run(*line.split(), cwd=self.root, env=self.environ(host))
        self.shown += [done.out, done.err]
        self.runs += 1
        return done.code

    def type(self, line: str, answers: list[str]) -> int:
        """Run a command on a terminal that asks; what the terminal echoes counts as shown."""
        seen = drive(line.split(), answers, cwd=self.root, env=self.environ({}))
        self.shown.append(seen.text)
        self.runs += 1
        return seen.code

    def hits(self) -> list[str]:
        """Return where the secret was found."""
        found = [text for text in self.shown if SECRET in text]
        for folder, _, names in os.walk(self.base):
            for path in (Path(folder, name) for name in names):
                own = path.parent == self.root and re.fullmatch(r"\.env(\.staging)?", path.name)
                if SECRET in path.name or (not own and SECRET.encode() in path.read_bytes()):
                    found.append(str(path))
        words = ["git", "cat-file", "--batch-all-objects", "--batch"]
        objects = subprocess.run(words, cwd=self.root, capture_output=True, check=True).stdout
        return found + (["a git object"] if SECRET.encode() in objects else [])


@contextmanager
def watched() -> Iterator[set[str]]:
    """Read the command line of every process, over and over; gives those that hold the secret."""
    found: set[str] = set()
    stop = threading.Event()
    samples = 0

    def look() -> None:
        nonlocal samples
        while not stop.wait(0.01):
            for folder in Path("/proc").iterdir():
                if folder.name.isdigit():
                    try:
                        line = (folder / "cmdline").read_bytes()
                    except OSError:
                        continue
                    samples += 1
                    if SECRET.encode() in line:
                        found.add(line.decode(errors="replace"))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        stop.set()
        watcher.join()
    assert samples


@pytest.fixture
def stage(tmp_path: Path, isolated: Path) -> Stage:
    made = Stage(tmp_path)
    for folder in (made.root, tmp_path / "tmp"):
        folder.mkdir()
    subprocess.run(["git", "init", "--quiet", made.root], check=True)
    made.write({".env.example": EXAMPLE, ".gitignore": ".env*\n!.env.example\n", "pyproject.toml": ""})
    for words in (["add", "."], ["commit", "--quiet", "-m", "x"]):
        subprocess.run(["git", *words], cwd=made.root, check=True)
    return made


HOST = {"STRIPE_API_KEY": SECRET, "DEBUG": SECRET, "OTHER": SECRET}


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (GOOD, {}),
        (BAD, HOST),
        pytest.param(GOOD, HOST, marks=pytest.mark.faults),
        pytest.param(BAD, {}, marks=pytest.mark.faults),
    ],
    ids=["good", "bad-host", "good-host", "bad"],
)
def test_no_command_lets_a_secret_out(stage: Stage, text: str, host: dict[str, str]) -> None:
    codes = set()
    with watched() as in_command_lines:
        for line in COMMANDS:
            stage.write({".env": text, ".env.staging": text.replace("COUNT=2", "COUNT=3")})
            codes.add(stage.run(line, host))
    assert in_command_lines == set()
    assert stage.hits() == []
    assert codes >= {0, 1, 2}
    print(f"sentinel: {stage.runs} commands, 0 hits")


def test_what_cannot_be_read_is_not_repeated(stage: Stage) -> None:
    lines = ["env check --json", "env update -v", "env diff .env host", "run -- true", "env fill"]
    for number, text in enumerate(UNREADABLE):
        stage.write({".env": text})
        for line in ("env check", lines[number % len(lines)]):
            assert stage.run(line, {}) == 2
    assert stage.hits() == []
    print(f"sentinel: {stage.runs} commands, 0 hits")


def test_what_is_typed_stays_in_the_file(stage: Stage) -> None:
    stage.write({".env": "STRIPE_API_KEY=\nDEBUG=true\n"})
    answers = [f"{SECRET}\n", f"nope{SECRET}\n", f"pg://{SECRET}\n", f"{SECRET}${{x}}\n", "\n", *["\n"] * 9]
    with watched() as in_command_lines:
        assert stage.type("env fill -v", answers) == 1
    assert in_command_lines == set()
    assert f"STRIPE_API_KEY={SECRET}\n" in (stage.root / ".env").read_text()
    assert stage.hits() == []


def test_a_bug_does_not_tell_what_it_held(stage: Stage) -> None:
    broken = stage.base / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import bootstrap.envfiles.sources as sources\n"
        "def find(self, key):\n"
        "    raise RuntimeError(f'{self.entries} {dict(self.resolved)}')\n"
        "sources.Sources.find = find\n"
    )
    stage.write({".env": GOOD})
    path = os.pathsep.join([str(broken), command.IMPORTED_FROM])
    for line in ("env check", "env explain DEBUG", "env fill", "run -- true"):
        words = [sys.executable, "-m", "bootstrap", *line.split()]
        environ = command.environment(stage.environ({})) | {"PYTHONPATH": path}
        done = subprocess.run(words, cwd=stage.root, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 70, done.stderr
        stage.shown += [done.stdout, done.stderr]
    assert list(stage.base.rglob("error.log"))
    assert stage.hits() == []
