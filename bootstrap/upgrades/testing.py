"""Running the project's tests in a copy of its files, and judging how they ended."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from bootstrap.environments.environment import Environment
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.system import copies, files, groups, processes
from bootstrap.system.groups import Ended
from bootstrap.upgrades import masking
from bootstrap.upgrades.excerpts import excerpt

# As `git bisect run` has it: 125 cannot be judged, from 126 on nothing was run.
_CANNOT_JUDGE, _NOT_EXECUTABLE, _NOT_FOUND = 125, 126, 127


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the tests ended; ``reason`` of a red one is ``tests``, ``timeout`` or ``cannot-judge``."""

    green: bool
    reason: str = ""
    exit: int | None = None
    seconds: float = 0.0
    excerpt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """The words of the test command, and all that surrounds it.

    ``pristine`` is a copy of the project's files, of which each run gets one of its own, as ``place``.
    ``secrets`` are kept out of what is told. ``environ`` is that of this process.
    """

    words: tuple[str, ...]
    pristine: Path
    place: Path
    environ: Mapping[str, str]
    secrets: Sequence[str]
    on_line: Callable[[str], None]

    def run(self, environment: Environment, timeout: float | None, changed: Mapping[str, str]) -> Verdict:
        """Run the tests once; ``changed`` are texts of files that differ from the project's.

        Raises ``BootstrapError`` where they cannot be started, or were ended from outside.
        """
        if self.place.exists():
            files.remove_tree(self.place)
        copies.clone(self.pristine, self.place)
        for path, text in changed.items():
            files.write_scratch(self.place / path, text.encode())
        search_path = os.pathsep.join([str(environment.scripts), self.environ.get("PATH", "")])
        ended = groups.run(
            [self._program(search_path), *self.words[1:]],
            cwd=self.place,
            extra={"CI": "1", "PATH": search_path, "VIRTUAL_ENV": str(environment.path)},
            timeout=timeout,
            on_line=lambda line: self.on_line(masking.masked(line, self.secrets)),
        )
        return self._judged(ended, environment)

    def _program(self, search_path: str) -> str:
        """Find the program where the tests' PATH leads; Windows would look on ours."""
        name = self.words[0]
        if PurePath(name).name != name:
            return name
        found = processes.find(name, search_path)
        if found is None:
            raise UsageError(
                f"the test command cannot be started: there is no {name}",
                hint="name another one with --test, or [tool.bootstrap] test-command",
                code="no-test-command",
            )
        return str(found)

    def _judged(self, ended: Ended, environment: Environment) -> Verdict:
        places = [(str(self.place), "."), (str(environment.path), "ENVIRONMENT")]
        lines = [masking.without_places(line, places) for line in ended.output]
        telling = excerpt([masking.masked(line, self.secrets) for line in lines])
        code = ended.returncode
        if code == 0:
            return Verdict(green=True, exit=0, seconds=ended.seconds)
        if code is None:
            said = f"it took longer than {ended.seconds:.0f} seconds"
            return Verdict(green=False, reason="timeout", seconds=ended.seconds, excerpt=(said, *telling))
        _refuse_what_says_nothing(ended, self.words[0])
        reason = "cannot-judge" if code == _CANNOT_JUDGE else "tests"
        crash = (f"the tests crashed ({ended.signal})",) if ended.crashed else ()
        return Verdict(
            green=False, reason=reason, exit=code, seconds=ended.seconds, excerpt=(*crash, *telling)
        )


def command(
    given: str | None, configured: Sequence[str], locked: Collection[str], platform: str
) -> tuple[str, ...]:
    """Return the words of the test command: given, configured, or ``pytest`` where a lock has it.

    Raises ``UsageError`` where there is none.
    """
    if given is not None:
        try:
            words = tuple(shlex.split(given, posix=platform != "win32"))
        except ValueError:
            words = ()
        if not words:
            raise UsageError(
                f"--test is no command: {given!r}",
                hint="give words with their quotes closed: --test 'pytest -q'",
            )
        return words
    if configured:
        return tuple(configured)
    if "pytest" in locked:
        return ("pytest",)
    raise UsageError(
        "no test command is known, and an upgrade is only as good as the tests that try it",
        hint="name one with --test 'COMMAND' or [tool.bootstrap] test-command = [\"COMMAND\"]; "
        "--no-test goes without",
        code="no-test-command",
    )


def _refuse_what_says_nothing(ended: Ended, program: str) -> None:
    if ended.returncode in (_NOT_EXECUTABLE, _NOT_FOUND):
        raise BootstrapError(
            f"the test command could not start what it needs (exit code {ended.returncode})",
            hint=f"see that {program} runs in a fresh copy of the project; files that git ignores are not in "
            "it unless [tool.bootstrap] copy names them",
            code="no-test-command",
        )
    if ended.signal and not ended.crashed:
        raise BootstrapError(
            f"the tests were ended from outside ({ended.signal})",
            hint="run bootstrap upgrade again: it goes on where it was",
            code="tests-ended",
        )
