"""What the steps of one run share: what earlier ones found, and how a step answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bootstrap.environments import environment, installers
from bootstrap.environments.environment import Environment
from bootstrap.environments.installers import Installer
from bootstrap.errors import BootstrapError
from bootstrap.locks.head_start import HeadStart
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile
from bootstrap.locks.requirements import RequirementFile
from bootstrap.pip import configuration
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.progress import Progress, Silent
from bootstrap.project import Project
from bootstrap.pythons import interpreter
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.report import Problem, Report
from bootstrap.setup.options import Options
from bootstrap.setup.seen import Seen, State
from bootstrap.system import host

if TYPE_CHECKING:
    from bootstrap.gitignore.judge import Finding


@dataclass(frozen=True, slots=True)
class Plan:
    """What a step has to do: nothing where ``apply`` is None.

    ``detail`` says how things are, or what would be done; ``apply`` does it and returns what was done.
    ``problems`` are what the user must see either way.
    """

    detail: str
    apply: Callable[[], str] | None = None
    problems: tuple[Problem, ...] = ()
    skipped: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What git said of a project, with the ``.gitignore`` and the states of the files that decided it."""

    gitignore: bytes
    files: Mapping[Path, State]
    finding: Finding

    def holds(self, gitignore: bytes, seen: Seen) -> bool:
        """Say whether git would answer the same now; the files are seen either way."""
        for path in self.files:
            seen.note(path)
        return gitignore == self.gitignore and all(
            seen.files[path] == state for path, state in self.files.items()
        )


@dataclass(slots=True)
class Context:
    """One run: what was asked for, and what each step has found for those after it.

    ``head_start`` may have the process that locks ready. ``began`` is the wall clock in nanoseconds since
    1970, the same in all rounds. ``made_from`` is the interpreter behind an environment that this run made;
    what that one is needs no asking. ``judged`` is what git said already, ``locked_by`` the Python that
    compiled the locks. ``watched`` names the variables whose values decide the run, besides ``CI`` and
    ``BOOTSTRAP_*``; ``keys`` are those of ``.env.example``, whose values are secret.
    """

    project: Project
    options: Options
    environ: Mapping[str, str]
    platform: str
    progress: Progress
    report: Report
    environment: Environment
    head_start: HeadStart = field(default_factory=HeadStart)
    began: int = field(default_factory=host.nanoseconds_now)
    seen: Seen = field(init=False)
    undo: ExitStack = field(default_factory=ExitStack)
    interpreter: Interpreter | None = None
    ailment: str | None = None
    layers: tuple[Layer, ...] = ()
    inputs: Mapping[PurePosixPath, RequirementFile] = field(default_factory=dict)
    texts: dict[PurePosixPath, str] = field(default_factory=dict)
    locks: dict[PurePosixPath, LockFile] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()
    tracked: frozenset[str] = frozenset()
    created: bool = False
    made_from: Interpreter | None = None
    judged: Judged | None = None
    locked_by: Path | None = None
    watched: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    summary: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with nothing seen."""
        self.seen = Seen(self.project.root)

    @property
    def installer(self) -> Installer:
        """The installer that the command line wants, else the settings.

        Raises ``UsageError`` where that is uv and there is none.
        """
        wanted = self.options.installer or self.project.settings.installer
        return installers.choose(wanted, self.environ.get("PATH"))

    @property
    def pip_files(self) -> tuple[Path, ...]:
        """The configuration files of the pip of this project's environment, whether they are there or not."""
        return tuple(configuration.files(self.environ, self.platform, host.home(), self.project.venv))

    def pip_configuration(self) -> PipConfiguration:
        """Read what that pip is told; raises ``UsageError`` naming a file that is no configuration."""
        return configuration.read(self.environ, self.platform, host.home(), self.project.venv)

    @property
    def runs_from_venv(self) -> bool:
        """Whether this tool runs from the very environment that it sets up."""
        return host.own_prefix().resolve() == self.project.venv.resolve()

    def warn(self, problem: Problem) -> None:
        """Add a problem to the report, once."""
        if problem not in self.report.problems:
            self.report.problems.append(problem)

    def again(self) -> Context:
        """Return a context for looking at the same project once more, in silence; it changes nothing."""
        options = replace(self.options, check=True, locked=False, rebuild=False)
        return self._next(options, Silent())

    def once_more(self) -> Context:
        """Return a context for a second round over what the first one made."""
        return self._next(replace(self.options, rebuild=False), self.progress)

    def take_over(self, more: Context) -> None:
        """Add what a second round did to the report of this one."""
        self.report.add(more.report)
        self.summary = more.summary or self.summary

    def _next(self, options: Options, progress: Progress) -> Context:
        report = Report(self.report.command, self.report.project)
        found = environment.look(self.project.venv, self.platform)
        return Context(
            self.project,
            options,
            self.environ,
            self.platform,
            progress,
            report,
            found,
            self.head_start,
            self.began,
            compiled=self.compiled,
            made_from=self.made_from,
            judged=self.judged,
            locked_by=self.locked_by,
        )

    def python(self) -> Interpreter:
        """Return the project's interpreter; where the step that finds it was skipped, the environment's.

        Raises ``BootstrapError`` where there is none either.
        """
        if self.interpreter is None and self.environment.python.exists():
            self.interpreter = interpreter.inspect(self.environment.python, ".venv")
        if self.interpreter is None:
            raise BootstrapError(
                "no Python is known: the step python was skipped and there is no working environment",
                hint="run it without --skip python",
            )
        return self.interpreter
