"""An index with an old and a new version of several packages, and projects that are locked to the old ones.

The project's tests are a script of this module: it reads what is installed and fails where a rule says so.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import command
from tests.command import Completed
from tests.index.server import PackageIndex

# Fails where all packages of a rule are at the versions it names; appends a line to a log for every run.
TEST = """\
import importlib.metadata, json, os, pathlib, sys

rules = json.loads(pathlib.Path("rules.json").read_text())
names = {distribution.name: distribution.version for distribution in importlib.metadata.distributions()}
with open(os.environ["SHELF_LOG"], "a") as log:
    log.write(json.dumps(names) + "\\n")
count = sum(1 for _ in open(os.environ["SHELF_LOG"]))
for name in rules.get("import", []):
    __import__(name)
for name, value in rules.get("print", {}).items():
    print(name, os.environ.get(value, ""))
if count in rules.get("flaky", []):
    sys.exit("FAILED tests/test_shop.py::test_chance - Error: by chance")
for rule in rules["breaks"]:
    if all(names.get(name) == version for name, version in rule.items()):
        print("FAILED tests/test_shop.py::test_it - TypeError: " + " and ".join(rule))
        sys.exit(rules.get("code", 1))
"""


@dataclass
class Shelf:
    """A project in ``root`` and the index it is locked against; ``log`` has a line for each test run."""

    root: Path
    index: PackageIndex
    env: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.root.parent / "runs.log"

    @property
    def runs(self) -> list[dict[str, Any]]:
        """What was installed at each run of the tests."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]

    def make(self, layers: Mapping[str, str], rules: Mapping[str, Any] | None = None) -> Shelf:
        """Write the project, and lock it to what the index has now."""
        (self.root / "requirements").mkdir(parents=True)
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", self.root], check=True)
        for name, text in layers.items():
            self.write(f"requirements/{name}", text)
        self.write(".python-version", f"{command.PYTHON_VERSION}\n")
        self.write("check.py", TEST)
        self.write("pyproject.toml", '[tool.bootstrap]\ntest-command = ["python", "check.py"]\n')
        self.rules(**(rules or {}))
        done = self.run("lock")
        assert done.code == 0, done.err
        return self

    def rules(self, *breaks: Mapping[str, str], **more: Any) -> None:
        """Say which sets of versions break the tests."""
        self.write("rules.json", json.dumps({"breaks": list(breaks), **more}))

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def run(self, *arguments: str, **variables: str) -> Completed:
        env = {"PIP_INDEX_URL": self.index.url, "SHELF_LOG": str(self.log), **self.env, **variables}
        return command.run(*arguments, cwd=self.root, env=env, timeout=600)

    def upgrade(self, *arguments: str, **variables: str) -> Completed:
        return self.run("upgrade", *arguments, **variables)

    def pins(self, layer: str = "dev") -> dict[str, str]:
        return command.versions(self.root / "requirements" / f"{layer}.txt")

    def locks(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted((self.root / "requirements").glob("*.txt"))}


def publish(index: PackageIndex, versions: Sequence[str], names: Sequence[str], **more: Any) -> None:
    """Publish packages that need nothing."""
    for name in names:
        for version in versions:
            index.add(name, version, **more)
