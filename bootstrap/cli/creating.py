"""What ``bootstrap new`` does: the files, the repository, the set-up, the database, and how to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.locks import head_start
from bootstrap.report import PythonFacts, Report, StepResult, StepStatus
from bootstrap.scaffold import migrate, new, repository
from bootstrap.scaffold.new import Plan, Wanted
from bootstrap.scaffold.rendering import replaced
from bootstrap.setup import engine
from bootstrap.setup.options import Options
from bootstrap.system import files, host
from bootstrap.ui import shells

Outcome = tuple[StepStatus, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the command line."""

    template: str
    name: str
    folder: Path
    python: str | None
    features: tuple[str, ...]
    docker: bool
    ci: bool
    install: bool
    git: bool
    dry_run: bool

    @property
    def without(self) -> tuple[str, ...]:
        """The parts of the template that are left out."""
        return tuple(part for part, wanted in (("ci", self.ci), ("docker", self.docker)) if not wanted)


def create(session: Session, asked: Asked) -> None:
    """Make the project; raises ``BootstrapError`` where it cannot be, and says what continues."""
    folder = asked.folder.absolute()
    session.report.project = str(folder)
    wanted = Wanted(asked.template, asked.name, folder, asked.python, asked.features, asked.without)
    made = new.plan(wanted, host.environment())
    if asked.dry_run:
        _step(session, "files", lambda: (StepStatus.WOULD_CHANGE, _listed(made)))
        _tell_python(session, made)
        return
    # Here is something to lock for sure; mostly it is this tool's own Python that does it.
    own = host.own_interpreter() if asked.install and engine.serves(made.python, cooldown=False) else None
    with head_start.started(own) as session.head_start:
        _step(session, "files", lambda: _write(made))
        with _continued_by(session, asked, made):
            if asked.git:
                _step(session, "git", lambda: _begin(made))
            if asked.install:
                _set_up(session, made)
                _migrate(session, made)
    session.next_steps = _next_steps(session, asked, made)


def _write(made: Plan) -> Outcome:
    new.write(made)
    kept = f", kept {', '.join(made.kept)}" if made.kept else ""
    return StepStatus.CHANGED, f"wrote {len(made.files)} files of the template {made.template.name}{kept}"


def _begin(made: Plan) -> Outcome:
    why_not = repository.begin(made.folder, host.environment().get("PATH"))
    return (StepStatus.SKIPPED, why_not) if why_not else (StepStatus.CHANGED, "began a repository")


def _set_up(session: Session, made: Plan) -> None:
    """Run the set-up command, whose report is its own: the stamp it leaves is that of ``bootstrap``."""
    outer = session.report
    session.report = Report("setup", outer.project)
    try:
        session.set_up(made.folder, Options())
    finally:
        inner, session.report = session.report, outer
        outer.steps += inner.steps
        outer.problems += inner.problems
        outer.python, outer.exit_code = inner.python, inner.exit_code
    session.hint = None


def _migrate(session: Session, made: Plan) -> None:
    manage, root = made.template.manage, made.folder
    if manage is None or session.report.exit_code is not ExitCode.OK:
        return

    def apply() -> Outcome:
        if not (root / ".env").exists():
            return StepStatus.SKIPPED, "without .env the values come from the host"
        session.progress.started("database", "applying the migrations")
        python = root / shells.environment_python(host.platform())
        return StepStatus.CHANGED, migrate.run(
            python, root, manage, made.answers.name, session.progress.update
        )

    _step(session, "database", apply)


def _step(session: Session, name: str, act: Callable[[], Outcome]) -> None:
    begin = host.seconds()
    status, detail = StepStatus.FAILED, "failed"
    try:
        status, detail = act()
    finally:
        result = StepResult(name, status, detail, round(host.seconds() - begin, 3))
        session.report.steps.append(result)
        session.progress.finished(result)


@contextmanager
def _continued_by(session: Session, asked: Asked, made: Plan) -> Iterator[None]:
    """Say what goes on from where it stopped, whatever stops it."""
    session.next_steps = _to_continue(asked, made)
    yield
    session.next_steps = ()


def _to_continue(asked: Asked, made: Plan) -> tuple[tuple[str, str], ...]:
    words = [["bootstrap"]]
    if made.template.manage:
        words.append([shells.environment_python(host.platform()), made.template.manage, "migrate"])
    lines = [_line(made, "", one) for one in (words if asked.install else words[:1])]
    return tuple(zip(("go on", "then"), lines, strict=False))


def _next_steps(session: Session, asked: Asked, made: Plan) -> tuple[tuple[str, str], ...]:
    if not asked.install or session.report.exit_code is not ExitCode.OK:
        return _to_continue(asked, made)
    platform, inside = host.platform(), made.template.run_in
    to_run = shells.environment_python(platform, from_inside=bool(inside))
    to_test = shells.environment_python(platform)
    return (
        ("run", _line(made, inside, [to_run, *(replaced(word, made.answers) for word in made.template.run)])),
        ("test", _line(made, "", [to_test, *made.template.test])),
    )


def _line(made: Plan, inside: str, words: list[str]) -> str:
    folder = files.shown_from(Path.cwd(), made.folder / inside)
    environ, platform = host.environment(), host.platform()
    return shells.in_folder(folder, words, environ, platform, host.parent_process())


def _listed(made: Plan) -> str:
    paths = "\n".join(f"  {file.path}" for file in made.files)
    return f"write {len(made.files)} files into {made.folder}\n{paths}"


def _tell_python(session: Session, made: Plan) -> None:
    found = made.python
    session.report.python = PythonFacts(found.version, str(found.base), ".python-version")
