"""Compiling the same layers twice: by the engine, and by pip-compile as it is, a layer at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import cast

from packaging.markers import default_environment

from bootstrap.locks import pip_tools
from bootstrap.locks.compiler import compile_stale
from bootstrap.locks.layers import Layer, discover
from bootstrap.locks.lockfile import header_command, parse_lock
from bootstrap.locks.pip_tools import Moves, PipTools
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.report import Problem
from tests.index.server import PackageIndex

PYTHON = Path(os.environ.get("ENGINE_PYTHON", sys.executable))
"""The Python whose pip and pip-tools are tried; ``nox -s engine`` names others than those of the tests."""

FOLDER = PurePosixPath("requirements")


def version_of(program: str) -> str:
    """Return the version of a program that is tried, such as ``pip``."""
    code = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    command = [os.fspath(PYTHON), "-I", "-c", code, program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


# pip-compile's own command line, started once for several layers: half of its time is the start.
_PLAIN = """
import json, os, sys
from piptools.scripts.compile import cli

for folder, words, command in json.load(sys.stdin):
    os.chdir(folder)
    os.environ["CUSTOM_COMPILE_COMMAND"] = command
    try:
        cli.main(words, prog_name="pip-compile", standalone_mode=False)
    except SystemExit as end:
        if end.code:
            raise
"""

HOLD_ALL = Moves()
HERE = {name: str(value) for name, value in default_environment().items()}
"""The PEP 508 environment of the tests."""

Texts = Mapping[str, str]
"""Requirement files or locks, by their names below ``requirements``."""

Job = tuple[str, list[str], str]
"""One run of pip-compile: the folder it is started in, its words, and the command its header names."""


@dataclass
class Work:
    """A project on disk, the index it is compiled against, and what the engine said and warned of.

    ``configuration`` is pip's, beside the index.
    """

    root: Path
    index: PackageIndex
    hashes: bool = True
    configuration: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    warned: list[Problem] = field(default_factory=list)

    @property
    def metadata(self) -> Path:
        """Where what metadata files say is kept."""
        return self.root / "metadata.json"

    def write(self, texts: Texts) -> None:
        """Write requirement files and locks."""
        for name, text in texts.items():
            path = self.root / FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")

    def layers(self) -> tuple[Layer, ...]:
        """Return the layers in order."""
        sources = (path.relative_to(self.root) for path in sorted((self.root / FOLDER).glob("*.in")))
        return discover([PurePosixPath(path.as_posix()) for path in sources], self._text)

    def compiled(self, moves: Moves = HOLD_ALL, stale: Sequence[str] | None = None) -> dict[str, str]:
        """Let the engine compile, write what it made, and return all locks."""
        layers = self.layers()
        files = [*{path for layer in layers for path in (*layer.files, layer.lock)}]
        texts = {path: text for path in files if (text := self._text(path)) is not None}
        names = frozenset(layer.name for layer in layers if stale is None or layer.name in stale)
        made = compile_stale(self.pip_tools(moves), layers, names, texts, HERE)
        self.write({_name(path): text for path, text in made.items()})
        return {_name(layer.lock): {**texts, **made}[layer.lock] for layer in layers}

    def plain(self, *options: str, single: bool = False) -> dict[str, str]:
        """Return the locks that pip-compile writes, one layer after the other, each over its old lock.

        Each takes about half a second of starting; ``single`` pays it, as a user of pip-compile does.
        """
        jobs = self.jobs(*options)
        for part in [[job] for job in jobs] if single else [jobs]:
            run_plain(part, self.variables())
        return self.locks()

    def jobs(self, *options: str, held: Texts | None = None) -> list[Job]:
        """Return what pip-compile has to do; each layer is held to the pins of its lock in ``held``."""
        return [
            (
                str(self.root),
                self._words(layer, [*options, *holding({name: held[name]} if held else {})]),
                self._command(layer),
            )
            for layer in self.layers()
            for name in [_name(layer.lock)]
        ]

    def locks(self) -> dict[str, str]:
        """Return the locks on disk."""
        return {_name(layer.lock): cast("str", self._text(layer.lock)) for layer in self.layers()}

    def variables(self) -> dict[str, str]:
        """Return the variables by which pip asks the index."""
        return self._configuration().for_pip()

    def pip_tools(self, moves: Moves = HOLD_ALL) -> PipTools:
        """Return how the engine starts pip-tools."""
        said, warned = self.said.append, self.warned.append
        return PipTools(
            PYTHON, self._configuration(), self.hashes, said, moves, warn=warned, metadata=self.metadata
        )

    def installable(self, lock: str) -> None:
        """Let pip choose and check what a lock says, by its hashes alone."""
        options = ["--dry-run", "--ignore-installed", "--no-deps", "--require-hashes", "--quiet"]
        done = subprocess.run(
            [PYTHON, "-I", "-m", "pip", "install", *options, "-r", str(FOLDER / lock)],
            cwd=self.root,
            env={**os.environ, **self._configuration().for_pip()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _words(self, layer: Layer, options: Sequence[str]) -> list[str]:
        hashes = ["--generate-hashes"] if self.hashes else []
        paths = [f"--output-file={layer.lock}", str(layer.source)]
        return [*pip_tools._OPTIONS, "--quiet", "--quiet", *hashes, *options, *paths]

    def _command(self, layer: Layer) -> str:
        return header_command(layer.source, layer.lock, hashes=self.hashes)

    def _configuration(self) -> PipConfiguration:
        return PipConfiguration({"index-url": self.index.url} | self.configuration)

    def _text(self, path: PurePosixPath) -> str | None:
        file = self.root / path
        return file.read_text(encoding="utf-8") if file.is_file() else None


def run_plain(jobs: Sequence[Job], variables: Mapping[str, str]) -> None:
    """Let one process of pip-compile as it is do some jobs, of one project or of several."""
    done = subprocess.run(
        [PYTHON, "-I", "-c", _PLAIN],
        env={**os.environ, **variables},
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def pins(locks: Texts) -> dict[str, str]:
    """Return what some locks pin, name to version."""
    parsed = [parse_lock(text, name) for name, text in locks.items()]
    return {pin.name: pin.version for lock in parsed for pin in lock.pins if pin.version}


def holding(locks: Texts) -> list[str]:
    """Return the options that hold pip-compile to the pins of some locks, without a trace in its output."""
    return [f"--upgrade-package={name}=={version}" for name, version in pins(locks).items()]


def _name(path: PurePosixPath) -> str:
    return path.relative_to(FOLDER).as_posix()
