"""``bootstrap init``: reading a project, planning the files that are missing, and writing those alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from bootstrap.envfiles import document
from bootstrap.environments import environment, packages
from bootstrap.environments.environment import Environment
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.pip.masking import mask
from bootstrap.scaffold.adoption import (
    code,
    detect,
    disk,
    example,
    frozen,
    pep621,
    pipfile,
    plan,
    poetry,
    pythons,
    tables,
    texts,
)
from bootstrap.scaffold.adoption.detect import Kind, Source
from bootstrap.scaffold.adoption.disk import Project
from bootstrap.scaffold.adoption.found import Found, Left
from bootstrap.scaffold.adoption.plan import NewFile
from bootstrap.system import files
from bootstrap.wording import counted

_TEMPLATES = ("env.example", ".env.sample", ".env.template", ".env.dist", "env.sample", "example.env")
_LOCKS = ("poetry.lock", "pdm.lock", "uv.lock")


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is to be written, what is not carried over, and what the user should hear."""

    source: str
    files: tuple[NewFile, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...]


def look(root: Path, chosen: Path | None, platform: str) -> Adoption:
    """Read the project at ``root``, or what ``chosen`` names: a file or an environment. Nothing is written.

    Raises ``UsageError`` where nothing or several things say what it needs, and for a file that is broken.
    """
    project = Project(root, platform)
    seen = code.scan(disk.sources(root))
    ours = detect.is_ours(project.paths) and chosen is None
    found = (
        Found("requirement files of bootstrap", ())
        if ours
        else _read(project, _source(project, chosen), seen)
    )
    python = pythons.choose(root, found.python, platform)
    found = _with_lock(project, found, python.markers)
    made = [] if ours else list(plan.requirement_files(found, project.locked()))
    notes = [*found.notes, *python.notes]
    if python.text is not None:
        made.append(NewFile(".python-version", f"{python.text}\n", f"Python {python.text}"))
    made += _example(project, seen, notes)
    missing = tuple(file for file in made if not disk.is_there(root / file.path))
    return Adoption(found.source, missing, found.left, tuple(notes))


def apply(root: Path, adoption: Adoption) -> None:
    """Write the files; one that appeared meanwhile stays. Raises ``BootstrapError`` where one cannot be."""
    for file in adoption.files:
        path = root / file.path
        if not disk.is_there(path):
            files.make_folder(path.parent)
            files.write_atomic(path, file.text.encode())


def root_of(start: Path) -> Path:
    """Return the folder to adopt: the nearest upward that has something to read, never above the git root."""
    start = start.resolve()
    for folder in (start, *start.parents):
        project = Project(folder, "")
        if detect.is_ours(project.paths) or detect.sources(project.paths, lambda _: None):
            return folder
        if (folder / "pyproject.toml").exists():
            return folder
        if (folder / ".git").exists():
            break
    return start


def _source(project: Project, chosen: Path | None) -> Source:
    found = detect.sources(project.paths, project.text)
    if chosen is None:
        return _environment_source(project) if not found else detect.only(found)
    path = PurePosixPath(files.shown_from(project.root, chosen.absolute()))
    if chosen.is_dir():
        return Source(Kind.ENVIRONMENT, (path,))
    if not chosen.is_file():
        raise UsageError(
            f"--from {chosen}: there is no such file", hint="name a file or an environment's folder"
        )
    return next((source for source in found if path in source.paths), Source(Kind.TEXTS, (path,)))


def _environment_source(project: Project) -> Source:
    for name in detect.ENVIRONMENTS:
        if (project.root / name / "pyvenv.cfg").is_file():
            return Source(Kind.ENVIRONMENT, (PurePosixPath(name),))
    return detect.only([])


def _read(project: Project, source: Source, seen: code.Seen) -> Found:
    first, name = source.paths[0], str(source.paths[0])
    text = project.text(first) or ""
    readers: dict[Kind, Callable[[], Found]] = {
        Kind.POETRY: lambda: poetry.read(text, name),
        Kind.PIPENV: lambda: pipfile.read(text, name),
        Kind.STANDARD: lambda: pep621.read(text, name),
        Kind.TEXTS: lambda: _texts(project, source.paths, seen),
        Kind.ENVIRONMENT: lambda: _environment(project, first, seen),
    }
    return readers[source.kind]()


def _texts(project: Project, paths: Sequence[PurePosixPath], seen: code.Seen) -> Found:
    found = texts.read(paths, project.text)
    if not texts.looks_frozen(found, paths, project.text):
        return found
    for name in detect.ENVIRONMENTS:
        made = environment.look(project.root / name, project.platform)
        if made.site_packages is not None:
            return frozen.refined(found, disk.installed(made.site_packages), seen.modules)
    note = f"{paths[0]} looks like a pip freeze, and no environment tells what was asked for: all is kept"
    return replace(found, notes=(*found.notes, note))


def _environment(project: Project, path: PurePosixPath, seen: code.Seen) -> Found:
    made: Environment = environment.look(project.root / path, project.platform)
    if made.site_packages is None:
        raise UsageError(f"--from {path} is no environment", hint="name a folder with pyvenv.cfg, or a file")
    found = frozen.read(disk.installed(made.site_packages), seen.modules, f"the environment {path}")
    left = tuple(
        Left(
            f"{name} @ {mask(min(spellings))}",
            "it was installed from an address, and no lock can hold that",
            str(path),
            None,
            "base",
        )
        for name, spellings in packages.installed(made.site_packages).addresses.items()
        if spellings
    )
    gone = {one.text.partition(" ")[0] for one in left}
    wishes = tuple(wish for wish in found.wishes if wish.text.partition(">=")[0] not in gone)
    pins = {name: version for name, version in found.pins.items() if name not in gone}
    version = made.config.get("version_info") or made.config.get("version")
    python = f"=={'.'.join(version.split('.')[:2])}.*" if version else None
    return replace(found, wishes=wishes, pins=pins, left=left, python=python)


def _with_lock(project: Project, found: Found, markers: Mapping[str, str]) -> Found:
    """Add the versions that the tool of old has locked."""
    pins, notes = dict(found.pins), list(found.notes)
    text = project.text(PurePosixPath("Pipfile.lock")) if found.source.startswith("Pipenv") else None
    if text is not None:
        pins |= pipfile.pins_of(text, "Pipfile.lock")
    for name in _LOCKS if "pyproject.toml" in found.source else ():
        text = project.text(PurePosixPath(name))
        if text is not None:
            locked, doubtful = tables.pins_of(text, name, markers)
            pins |= {package: version for package, version in locked.items() if package not in pins}
            notes += [
                f"{name} has several versions of {package}: {locked[package]} is kept" for package in doubtful
            ]
    return replace(found, pins=pins, notes=tuple(notes))


def _example(project: Project, seen: code.Seen, notes: list[str]) -> list[NewFile]:
    if (project.root / ".env.example").exists():
        return []
    template = next((name for name in _TEMPLATES if (project.root / name).exists()), None)
    if template is not None:
        notes.append(f"{template} is there: rename it to .env.example, or name it in [tool.bootstrap]")
        return []
    try:
        text = project.text(PurePosixPath(".env"))
        own = document.parse(text.encode(), ".env").last_entries if text is not None else {}
    except BootstrapError as error:
        notes.append(f"the names in .env were not taken: {error}")
        own = {}
    if not seen.variables and not own:
        return []
    content = example.text(seen.variables, own, {entry.value for entry in own.values() if entry.value})
    count = len(seen.variables.keys() | own.keys())
    return [NewFile(".env.example", content, counted(count, "variable"))]
