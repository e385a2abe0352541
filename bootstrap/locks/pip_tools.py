"""Starting pip-tools: one layer by plain pip-compile, or all of them by one process of our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from packaging.version import Version

from bootstrap.errors import BootstrapError
from bootstrap.locks import bench as benches
from bootstrap.locks.head_start import HeadStart
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import Pin, header_command
from bootstrap.pip import messages
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.pip.masking import mask
from bootstrap.report import Problem, Severity
from bootstrap.system import processes, scratch

# The options of the contract's header, and those which keep the machine out of the lock. --no-config: a
# [tool.pip-tools] table is taken from whatever folder pip-compile is started in.
_OPTIONS = (
    "--verbose",  # else a conflict's causes are left out
    "--no-config",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--strip-extras",
    "--newline=lf",
)
WITHOUT_COOLDOWN = "run it once with BOOTSTRAP_COOLDOWN=0"

# Which pip knows --uploaded-prior-to; before it, pip-compile refuses the option.
_KNOWS_UPLOAD_TIMES = (26, 0)
# What the process for all layers was tested with: the lowest and the highest release, each as far as it is
# written. The table in worker/hooks.py names the parts; "nox -s engine" runs them with both ends.
_TESTED = {"pip": ((25, 3), (26, 3)), "pip-tools": ((7, 6, 1), (7, 6, 2))}


def is_tested(name: str, version: str) -> bool:
    """Say whether the process for all layers was tested with this version of ``pip`` or ``pip-tools``."""
    low, high = _TESTED[name]
    release = Version(version).release
    return low <= release[: len(low)] and release[: len(high)] <= high


def knows_upload_times(pip: str) -> bool:
    """Say whether a version of pip can leave out what was uploaded too late."""
    return Version(pip).release[:2] >= _KNOWS_UPLOAD_TIMES


class UnsupportedError(Exception):
    """The process for all layers cannot work with this pip and pip-tools; plain pip-compile can."""


@dataclass(frozen=True, slots=True)
class Moves:
    """The pins that may move although their requirements allow them.

    ``packages`` maps a canonical name to what was asked for it, as ``django`` or ``django<6``.
    """

    everything: bool = False
    packages: Mapping[str, str] = field(default_factory=dict)

    def allow(self, name: str) -> bool:
        """Say whether the pin of a package may move."""
        return self.everything or name in self.packages

    def options(self) -> list[str]:
        """Return the options that hold pip-compile to what was asked; none of them shows in a header."""
        return [f"--upgrade-package={text}" for name, text in self.packages.items() if text != name]


@dataclass(frozen=True, slots=True)
class PipTools:
    """A Python of the project's version that has pip-tools, and how it is to be run.

    ``on_work`` is told what is being worked on, and with ``-v`` shows what was worth a word. What was
    uploaded at ``uploaded_before`` (ISO 8601) or later is not chosen, unless it is locked already. ``warn``
    is told of pins that were yanked (PEP 592). ``head_start`` may have the process for all layers ready.
    ``metadata`` is a file in which that process keeps what it read of metadata files.
    """

    python: Path
    configuration: PipConfiguration
    hashes: bool
    on_work: Callable[[str], None]
    moves: Moves = Moves()
    uploaded_before: str | None = None
    warn: Callable[[Problem], None] = lambda _: None
    head_start: HeadStart = field(default_factory=HeadStart)
    metadata: Path | None = None

    def compile(self, bench: Path, layer: Layer) -> str:
        """Compile one layer by plain pip-compile and return the lock's text.

        Raises ``BootstrapError`` with the one useful message of what pip-compile said.
        """
        self.on_work(f"compiling {layer.name}")
        header = header_command(layer.source, layer.lock, hashes=self.hashes)
        command = [
            str(self.python),
            "-I",
            "-m",
            "piptools",
            "compile",
            *self._options(),
            *self.moves.options(),
        ]
        done = processes.run(
            [*command, f"--output-file={layer.lock}", str(layer.source)],
            cwd=bench,
            extra=self.configuration.for_pip() | {"CUSTOM_COMPILE_COMMAND": header},
        )
        if done.returncode != 0:
            said = done.stdout + done.stderr
            raise self._failed(
                str(layer.source), benches.as_project(said) if layer == benches.UNION else said
            )
        self._warn_of_yanked(done.stderr)
        return (bench / layer.lock).read_text(encoding="utf-8")

    def compile_all(
        self,
        bench: Path,
        layers: Sequence[Layer],
        locked: Iterable[Pin] = (),
        fresh: Mapping[PurePosixPath, Sequence[Pin]] | None = None,
    ) -> dict[PurePosixPath, str]:
        """Resolve the union that lies on the bench, and return every layer's lock as a part of it.

        The pins ``locked`` may be chosen whenever they were uploaded. ``fresh`` has the pins of locks that
        stay as they are where the union has the same: of these nothing is returned.

        Raises ``BootstrapError`` as `compile` does, and ``UnsupportedError``.
        """
        self.on_work("resolving all layers")
        process = self.head_start.process(self.python)
        done = process.finish(
            stdin=json.dumps(self._job(bench, layers, locked, fresh or {})) + "\n", keep_open=True
        )
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise UnsupportedError(mask(last)) from None
        if "locks" in answer:
            self._warn_of_yanked(answer["said"])
            return {PurePosixPath(path): text for path, text in answer["locks"].items()}
        if "failed" in answer:
            raise self._failed(benches.as_project(answer["failed"]), benches.as_project(answer["said"]))
        raise UnsupportedError(answer.get("outside", ""))

    def looked_for(self, requirement: str) -> str:
        """Return what pip says of all it looks at for a requirement, with ``-vv``; it installs nothing."""
        words = ["install", "--dry-run", "--ignore-installed", "--no-deps", "-vv", requirement]
        done = processes.run([self.python, "-I", "-m", "pip", *words], extra=self.configuration.for_pip())
        return mask(done.stdout + done.stderr)

    def _warn_of_yanked(self, output: str) -> None:
        for pin, reason in messages.yanked(output):
            other = f"bootstrap lock -P {pin.partition('==')[0]}"
            self.warn(
                Problem(
                    "yanked",
                    f"{pin} was yanked from the index: {reason}",
                    f"take another version: {other}; where a requirement names this one, change it first",
                    severity=Severity.WARNING,
                )
            )

    def _job(
        self,
        bench: Path,
        layers: Sequence[Layer],
        locked: Iterable[Pin],
        fresh: Mapping[PurePosixPath, Sequence[Pin]],
    ) -> dict[str, object]:
        return {
            "folder": str(bench),
            "variables": {**scratch.variables(), **self.configuration.for_pip()},
            "union": {
                "source": str(benches.UNION.source),
                "lock": str(benches.UNION.lock),
                "options": self.moves.options(),
            },
            "layers": [
                {
                    "source": str(layer.source),
                    "lock": str(layer.lock),
                    "command": header_command(layer.source, layer.lock, hashes=self.hashes),
                    "fresh": _versions(fresh[layer.lock]) if layer.lock in fresh else None,
                }
                for layer in layers
            ],
            "options": self._options(),
            "tested": _TESTED,
            "locked": sorted({(pin.name, pin.version) for pin in locked if pin.version}),
            "metadata": str(self.metadata or ""),
        }

    def _options(self) -> list[str]:
        # Neither shows in the header, which is set by CUSTOM_COMPILE_COMMAND.
        hashes = ["--generate-hashes"] if self.hashes else []
        return [
            *_OPTIONS,
            *hashes,
            *([f"--uploaded-prior-to={self.uploaded_before}"] if self.uploaded_before else []),
        ]

    def _failed(self, source: str, output: str) -> BootstrapError:
        finding = messages.explain(output)
        file, line = messages.place(output) or (source, None)
        # The union is no file of the project's.
        what = "the layers cannot be locked" if source == str(benches.UNION.source) else source
        hint = finding.hint
        if self.uploaded_before and finding.code in ("not-found", "conflict"):
            hint += f"; to take what is younger than the cooldown allows, {WITHOUT_COOLDOWN}"
        return BootstrapError(
            f"{what}: {finding.message}",
            hint=hint,
            code=finding.code,
            file=file,
            line=line,
            details=mask(output),
        )


def _versions(pins: Sequence[Pin]) -> dict[str, str] | None:
    """Return the version of each pin; None where one is an address, which tells none."""
    found = {pin.name: pin.version for pin in pins if pin.version}
    return found if len(found) == len(pins) else None
