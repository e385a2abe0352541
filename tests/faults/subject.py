"""A small project that is set up, killed, and looked at: what must be there, and what must not be lost."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests import command
from tests.command import Completed
from tests.index.server import PackageIndex

Whom = Literal["alone", "group"]

DYING = Path(__file__).with_name("dying.py")
USER_FILES = {
    ".python-version": f"{command.PYTHON_VERSION}\n",
    "requirements/base.in": "# what the shop needs\r\nalpha<2\r\n",
    "requirements/dev.in": "-r base.in\ngamma  # for tests",
    ".env.example": "NAME=shop\nTOKEN=randomString(20)\n",
    ".gitignore": "*.log\r\nnotes/",
    "shop/app.py": "print('precious')\n",
    "notes/todo.txt": "not in git\n",
}
OWN_ENV = "# mine\nNAME='corner shop'\nEXTRA=1"


def publish(index: PackageIndex) -> PackageIndex:
    """Publish a few tiny packages."""
    for version in ("1.0", "1.1", "2.0"):
        index.add("alpha", version, ["beta>=1"], scripts={"alpha": "alpha:main"})
    for name in ("beta", "gamma", "delta"):
        index.add(name, "1.0")
    return index


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run that was not disturbed leaves: file names without what changes each time, and the locks."""

    names: frozenset[str]
    contents: Mapping[str, bytes]
    distributions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A project in a folder of its own, with a home, caches and a folder for temporary files."""

    base: Path
    index_url: str

    @property
    def root(self) -> Path:
        return self.base / "project"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def tmp(self) -> Path:
        return self.base / "tmp"

    @property
    def cache(self) -> Path:
        return self.base / "home" / ".cache" / "bootstrap"

    @property
    def log(self) -> Path:
        return self.base / "changes.log"

    def make(self, files: Mapping[str, str] = USER_FILES) -> Subject:
        """Write the project and the folders around it."""
        self.tmp.mkdir(parents=True)
        (self.base / "home").mkdir()
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", self.root], check=True)
        self.write(files)
        return self

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        home = self.base / "home"
        own = {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_DATA_HOME": str(home / ".local" / "share"),
            "XDG_STATE_HOME": str(home / ".local" / "state"),
            "BOOTSTRAP_CACHE_DIR": str(self.cache),
            "PIP_CACHE_DIR": str(home / ".cache" / "pip"),
            "PIP_INDEX_URL": self.index_url,
            "PIP_RETRIES": "1",
            "UV_HTTP_RETRIES": "1",
            "TMPDIR": str(self.tmp),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return command.environment(own | dict(extra or {}))

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Completed:
        """Run the tool to its end."""
        return command.run(*arguments, cwd=self.root, env=self.environment(env))

    def start(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start the tool as the head of a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "bootstrap", *arguments],
            cwd=self.root,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def die(self, at: int, whom: Whom, *arguments: str) -> int:
        """Run the tool until its change number ``at``, which kills it; 0 lets it live. Returns its code."""
        words = [sys.executable, "-P", str(DYING), str(self.log), whom, str(at), *arguments]
        return subprocess.run(
            words,
            cwd=self.root,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            start_new_session=True,
            check=False,
        ).returncode

    def changes(self) -> list[str]:
        """Return what the last `die` logged."""
        return self.log.read_text(errors="replace").splitlines()

    def save(self) -> None:
        """Keep the project as it is, for `restore`."""
        _copy(self.root, self.base / "saved")

    def restore(self) -> None:
        """Bring the project back as it was saved; an environment only works at its own path."""
        _copy(self.base / "saved", self.root)

    def outcome(self) -> Outcome:
        return Outcome(
            frozenset(_names(self.root)),
            {path.name: path.read_bytes() for path in sorted(self.root.glob("requirements/*.txt"))},
            command.distributions(self.root),
        )

    def user_bytes(self) -> dict[str, bytes]:
        """Return the files a user wrote, those that the tool adds to among them."""
        return {
            name: (self.root / name).read_bytes()
            for name in (*USER_FILES, ".env")
            if (self.root / name).exists()
        }

    def lost(self, before: Mapping[str, bytes]) -> int:
        """Count the bytes of the user's files that are gone; lines may have come to some."""
        return sum(_lost(content, self.root / name) for name, content in before.items())


def problems(subject: Subject, clean: Outcome) -> list[str]:
    """Return what differs from an undisturbed run, after the run that follows a killed one."""
    seen = subject.outcome()
    found = []
    if seen.names != clean.names:
        found.append(f"files: {sorted(seen.names ^ clean.names)[:5]}")
    if seen.contents != clean.contents:
        found.append("the locks differ")
    if seen.distributions != clean.distributions:
        found.append(f"installed: {seen.distributions}")
    found += [f"damaged: {path}" for path in _damaged(subject.venv)]
    found += [f"left: {path}" for path in leftovers(subject)]
    if (subject.root / ".env").stat().st_mode & 0o777 != 0o600:
        found.append("others can read .env")
    for what in ("the stamp", "all files"):
        done = subject.run("--check")
        if done.code != 0 or not done.err.startswith("up to date"):
            found.append(f"--check by {what}: {done.code} {done.err}")
        (subject.venv / ".bootstrap.json").unlink(missing_ok=True)
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process started and that still run."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def running(pid: int) -> bool:
    """Say whether a process runs; one that ended and that nobody asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def end_group(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    os.killpg(process.pid, number)


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


def _names(root: Path) -> list[str]:
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        names += [str(Path(folder, name).relative_to(root)) for name in [*folders, *files]]
    return names


def _lost(content: bytes, path: Path) -> int:
    """Count the bytes of lines that are no longer there, in their order."""
    if not path.exists():
        return len(content)
    now = iter(path.read_bytes().splitlines())
    return sum(len(line) for line in content.splitlines() if line not in now)


def _damaged(venv: Path) -> list[str]:
    """Return the installed files that are missing or not as their RECORD says."""
    found = []
    for record in venv.glob("lib/*/site-packages/*.dist-info/RECORD"):
        site = record.parent.parent
        for name, digest, _ in csv.reader(record.read_text(encoding="utf-8").splitlines()):
            kind, _, value = digest.partition("=")
            path = site / name
            if value and not (path.exists() and _digest(path, kind) == value):
                found.append(name)
    return found


def _digest(path: Path, kind: str) -> str:
    return base64.urlsafe_b64encode(hashlib.new(kind, path.read_bytes()).digest()).rstrip(b"=").decode()


def leftovers(subject: Subject) -> list[str]:
    temporary = [str(path) for path in (*subject.tmp.iterdir(), *subject.cache.glob("locks/*.tmp/*"))]
    named = [
        name
        for folder in (subject.root, subject.cache)
        for name in _names(folder)
        if ".bootstrap-" in Path(name).name
    ]
    return temporary + named
