"""Running the tool as its users do: as a process, in a project's folder."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bootstrap import unchanged

PYTHON_VERSION = platform.python_version()
"""For ``.python-version``: the Python of the tests, so that its pip-tools serves and nothing is fetched."""

IMPORTED_FROM = str(Path(__file__).resolve().parents[1])
_BASE = Path(sys.base_prefix)


@dataclass(frozen=True, slots=True)
class Completed:
    """How the process ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        return cast("dict[str, Any]", json.loads(self.out))

    @property
    def statuses(self) -> dict[str, str]:
        """Each step's status, from the JSON document."""
        return {step["name"]: step["status"] for step in self.document["steps"]}

    @property
    def codes(self) -> list[str]:
        """The codes of the problems, from the JSON document."""
        return [problem["code"] for problem in self.document["problems"]]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of such a process: the Python behind that of the tests is the first on PATH."""
    programs = _BASE if sys.platform == "win32" else _BASE / "bin"
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": IMPORTED_FROM, **(extra or {})}


def run(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    alone: bool = False,
    timeout: float = 120.0,
) -> Completed:
    """Run ``bootstrap``; ``env`` is added to the variables, or ``alone`` is all of them."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bootstrap", *arguments],
        cwd=cwd,
        env={**(env or {}), "PYTHONPATH": IMPORTED_FROM} if alone else environment(env),
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Completed(done.returncode, done.stdout, done.stderr)


def fingerprint(root: Path) -> str:
    """Return a digest of all that lies in a folder: names, kinds, modes, links, content; not git's own."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in (".git", "__pycache__"))
        for path in (Path(folder, name) for name in sorted([*folders, *files])):
            seen = path.lstat()
            words = [str(path.relative_to(root)), oct(seen.st_mode)]
            if path.is_symlink():
                words.append(str(path.readlink()))
            elif path.is_file():
                words += [str(seen.st_mtime_ns), hashlib.sha256(path.read_bytes()).hexdigest()]
            digest.update("\0".join(words).encode())
    return digest.hexdigest()


def renew(stamp: Path) -> None:
    """Let a stamp hold for files that were put back: the time of their last change is a new one."""
    content = json.loads(stamp.read_text(encoding="utf-8"))
    content["files"] = {path: unchanged.state_of(path) for path in content["files"]}
    stamp.write_text(json.dumps(content), encoding="utf-8")


def versions(lock: Path) -> dict[str, str]:
    """Return what a lock pins, name to version."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pins = (line.split()[0].partition("==") for line in lines if "==" in line and not line.startswith("#"))
    return {name: version for name, _, version in pins}


def distributions(root: Path) -> dict[str, str]:
    """Return what is installed in a project's environment, name to version, without pip."""
    folder = next((root / ".venv").glob("[lL]ib/**/site-packages"))
    found = (path.name.removesuffix(".dist-info").rpartition("-") for path in folder.glob("*.dist-info"))
    return {name.replace("_", "-").lower(): version for name, _, version in found if name != "pip"}
