"""One command's run: how it speaks, the report it fills, and what is printed in the end."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.cli.color import Color
from bootstrap.errors import BootstrapError
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import Progress, Silent
from bootstrap.report import Problem, Report
from bootstrap.system import host

if TYPE_CHECKING:
    from bootstrap.locks.head_start import HeadStart
    from bootstrap.setup.context import Context
    from bootstrap.setup.options import Options
    from bootstrap.upgrades.options import UpgradeOptions


@dataclass(slots=True)
class Session:
    """What the words of the command line made of one run.

    ``told`` is a command's own text for people, which stands in place of the report's. ``head_start`` may
    have the process that locks; where it is None, that is started once the options are known.
    """

    json: bool = False
    for_github: bool = False
    verbosity: int = 0
    color: Color = Color.AUTO
    report: Report = field(default_factory=lambda: Report("bootstrap"))
    progress: Progress = field(default_factory=Silent)
    summary: str | None = None
    hint: str | None = None
    next_steps: tuple[tuple[str, str], ...] = ()
    details: str | None = None
    told: str | None = None
    head_start: HeadStart | None = None

    def configure(self, *, quiet: bool, verbose: int, color: Color, json: bool) -> None:
        """Take the options that every command has, and let long work show its progress."""
        self.speak(quiet=quiet, verbose=verbose, color=color, json=json)
        from bootstrap.ui import live

        self.progress = live.progress_for(sys.stderr, host.environment(), verbosity=self.verbosity)

    def speak(self, *, quiet: bool, verbose: int, color: Color, json: bool) -> None:
        """Take the options that every command has, for one that is done at once."""
        self.json = json
        self.verbosity = -1 if quiet else verbose
        self.color = color

    @property
    def in_color(self) -> bool:
        """Whether text for people is coloured."""
        from bootstrap.ui import style

        return style.wants_color(self.color.value, host.environment(), is_terminal=sys.stderr.isatty())

    def set_up(self, folder: Path, options: Options) -> None:
        """Run the one command for the project around ``folder``.

        Raises ``BootstrapError`` where it cannot go on.
        """
        with self._head_start(folder, options) as head_start:
            from bootstrap.setup import pipeline
            from bootstrap.system import files
            from bootstrap.ui import json_document, shells

            context = self._context(folder, options)
            context.head_start = head_start
            pipeline.run(context, json_document.document)
        self.summary = ", ".join(context.summary)
        if context.created:
            here = Path.cwd()
            venv = files.shown_from(here, context.project.venv)
            parent = host.parent_process()
            self.hint = shells.activation_hint(venv, context.environ, context.platform, parent, root=here)

    def lock(self, folder: Path, options: Options) -> None:
        """Compile the locks of the project around ``folder``.

        Raises ``BootstrapError`` where it cannot go on.
        """
        with self._head_start(folder, options) as head_start:
            from bootstrap.setup import pipeline

            context = self._context(folder, options)
            context.head_start = head_start
            pipeline.lock(context)
        self.summary = ", ".join(context.summary)
        if context.compiled and context.environment.python.exists():
            self.hint = "bootstrap"

    def upgrade(self, folder: Path, asked: UpgradeOptions, python: str | None) -> None:
        """Upgrade the project around ``folder``, or say what would move.

        Raises ``BootstrapError`` where it cannot go on.
        """
        from bootstrap.setup.options import Options
        from bootstrap.upgrades import job

        # The project is looked at as --check does: an upgrade changes locks alone, and only in the end.
        context = self._context(folder, Options(check=True, python=python))
        job.run(context, asked)
        self.summary = ", ".join(context.summary)

    def write_workflow(self, folder: Path, host_name: str) -> None:
        """Write the monthly CI job into the project around ``folder``.

        Raises ``BootstrapError`` where another file is in its place.
        """
        from bootstrap import project as projects
        from bootstrap.report import StepResult, StepStatus
        from bootstrap.upgrades import workflow

        project = projects.load(folder, host.environment())
        self.report.project = str(project.root)
        written = workflow.write(project.root, host_name)
        detail = f"wrote {written}" if written else f"{workflow.PATHS[host_name]} is as it should be"
        status = StepStatus.CHANGED if written else StepStatus.UNCHANGED
        self.report.steps.append(StepResult("workflow", status, detail, 0.0))
        self.summary = detail
        self.hint = workflow.NEXT[host_name] if written else None

    def layers(self, folder: Path) -> list[str]:
        """Return the names of the project's layers.

        Raises ``BootstrapError`` where there is no project, or one that cannot be read.
        """
        from bootstrap.setup import requirements
        from bootstrap.setup.options import Options

        context = self._context(folder, Options())
        requirements.read(context)
        return [layer.name for layer in context.layers]

    def keys(self, folder: Path) -> list[str]:
        """Return the keys of the example; raises ``BootstrapError`` where there is none that can be read."""
        from bootstrap.values import place

        return list(place.find(folder).example().last_entries)

    def _head_start(self, folder: Path, options: Options) -> AbstractContextManager[HeadStart]:
        if self.head_start is not None:
            return nullcontext(self.head_start)
        from bootstrap.locks.head_start import HeadStart
        from bootstrap.setup import foresight

        may_lock = not (options.only_looks or options.locked or options.offline or "locks" in options.skip)
        surely = options.upgrade or bool(options.upgrade_packages)
        return foresight.head_start(folder, surely=surely) if may_lock else nullcontext(HeadStart())

    def _context(self, folder: Path, options: Options) -> Context:
        # These cost more than all else of the command line, and its help has no need of them.
        from bootstrap import project as projects
        from bootstrap.environments import environment
        from bootstrap.setup.context import Context

        environ, platform = host.environment(), host.platform()
        project = projects.load(folder, environ)
        self.report.project = str(project.root)
        found = environment.look(project.venv, platform)
        return Context(project, options, environ, platform, self.progress, self.report, found)

    def failed(self, error: BootstrapError) -> None:
        """Take an error that ended the run."""
        self.details = error.details
        self._end_with(error.exit_code, error.problem)

    def misused(self, message: str) -> None:
        """Take a usage error of the command line."""
        hint = f"see bootstrap {self.report.command} --help".replace("bootstrap bootstrap", "bootstrap")
        self._end_with(ExitCode.USAGE, Problem("usage", message, hint))

    def stopped(self, code: ExitCode, message: str) -> None:
        """Take the signal that ended the run."""
        self._end_with(code, Problem("interrupted", message))

    def broke(self, problem: Problem) -> None:
        """Take a bug."""
        self._end_with(ExitCode.BUG, problem)

    def end(self) -> int:
        """Print the report and return the exit code."""
        # Not at the top: the help and the version print nothing here.
        if self.json:
            from bootstrap.ui import json_document

            sys.stdout.write(json_document.render(self.report))
            sys.stdout.flush()
        elif self.for_github:
            from bootstrap.ui import findings

            sys.stdout.write(findings.for_github(self.report.problems))
            sys.stdout.flush()
        if self.told is not None:
            sys.stderr.write(self._fitting(self.told))
        elif self.report.steps or self.report.problems:
            sys.stderr.write(self._text())
        sys.stderr.flush()
        return self.report.exit_code

    @staticmethod
    def _fitting(text: str) -> str:
        if sys.stderr.encoding == "utf-8":
            return text
        from bootstrap.ui.text import fitting

        return fitting(text, sys.stderr.encoding)

    def _end_with(self, code: ExitCode, problem: Problem) -> None:
        self.told = None
        self.report.exit_code = code
        self.report.problems.append(problem)

    def _text(self) -> str:
        from bootstrap.ui import terminal

        text = terminal.render(
            self.report,
            verbosity=self.verbosity,
            color=self.in_color,
            summary=self.summary,
            encoding=sys.stderr.encoding,
        )
        if self.details and self.verbosity > 0:
            from bootstrap.pip.masking import mask

            text += f"\n{mask(self.details).rstrip()}\n"
        if self.hint and self.verbosity >= 0:
            text += f"\n  then: {self.hint}\n"
        if self.next_steps and self.verbosity >= 0:
            width = max(len(label) for label, _ in self.next_steps) + 1
            text += "\n" + "".join(f"  {f'{label}:':<{width}} {line}\n" for label, line in self.next_steps)
        return text
