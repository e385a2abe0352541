"""What a job starts from: the project as it is, where its journal lies, and the key that tells it apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from bootstrap import __version__
from bootstrap.envfiles import document
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.locks import cooldown, demands
from bootstrap.locks.pip_tools import PipTools
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.pip.masking import mask
from bootstrap.report import Problem
from bootstrap.setup import engine, locks, metadata, python, requirements
from bootstrap.setup.context import Context
from bootstrap.system import host
from bootstrap.upgrades import holds, masking
from bootstrap.upgrades.holds import Hold
from bootstrap.upgrades.journal import Journal, read
from bootstrap.upgrades.options import UpgradeOptions
from bootstrap.upgrades.resolving import Layered

# A killed job goes on by itself for a week; later its pins are no longer the newest.
_FRESH = 7 * 24 * 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project that can be upgraded, and pip's configuration."""

    project: Layered
    pip: PipConfiguration
    holds: tuple[Hold, ...]
    holds_text: str


def prepare(context: Context) -> Prepared:
    """Read the project, and find its Python.

    Raises ``BootstrapError`` where there is no Python for it, and where its locks are not fresh.
    """
    requirements.read(context)
    found = python.plan(context)
    if context.interpreter is None:
        raise BootstrapError(f"the project's Python is not there: {found.detail}", hint="run bootstrap first")
    if not context.layers:
        raise UsageError(
            "there is nothing to upgrade: the project has no requirement files",
            hint="name what it needs in requirements/base.in, then: bootstrap lock",
        )
    _refuse_stale(context)
    content = context.seen.read(context.project.root / holds_path(context))
    text = _decoded(content or b"", holds_path(context))
    return Prepared(
        Layered(context.layers, dict(context.texts), context.python().markers),
        context.pip_configuration(),
        holds.read(text, holds_path(context)),
        text,
    )


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{name} is not UTF-8 text", hint=f"save {name} as UTF-8", code="unparsable", file=name
        ) from None


def holds_path(context: Context) -> str:
    """Return where the holds lie, relative to the project: beside the first layer."""
    return (context.layers[0].source.parent / holds.NAME).as_posix()


def with_cooldown(context: Context, days: int | None) -> None:
    """Take the cooldown of the command line instead of the settings'."""
    if days is not None:
        settings = replace(context.project.settings, cooldown=days)
        context.project = replace(context.project, settings=settings)


def pip_tools(context: Context, pip: PipConfiguration, began: int) -> PipTools:
    """Return pip-tools for the project's Python, with the cut-off of a job that began then."""
    return PipTools(
        engine.python_with_pip_tools(context, pip),
        pip,
        hashes=context.project.settings.generate_hashes,
        on_work=context.progress.update,
        uploaded_before=cooldown.cut_off(began, context.project.settings.cooldown),
        warn=context.warn,
        metadata=metadata.kept_for(context.project.root),
    )


def roots(context: Context) -> dict[str, frozenset[str]]:
    """Return what the requirement files ask for by name, with all extras."""
    found: dict[str, frozenset[str]] = {}
    for layer in context.layers:
        for item in demands.roots(layer.source, context.inputs, context.python().markers):
            if item.name is not None:
                found[item.name] = found.get(item.name, frozenset()) | item.extras
    return found


def job_folder(context: Context) -> Path:
    """Return where the jobs of this project keep what they know."""
    digest = hashlib.sha256(str(context.project.root).encode()).hexdigest()[:16]
    return host.cache_folder() / "upgrades" / digest


def secrets(context: Context) -> tuple[str, ...]:
    """Return what no output of a test may show.

    These are the values of the environment, of ``.env``, and of the files like it that the tests get.
    """
    root, copied = context.project.root, context.project.settings.copy
    paths = [
        context.project.env_file,
        *(root / path for path in copied if ".env" in PurePosixPath(path).name),
    ]
    contents = [context.seen.read(path) for path in dict.fromkeys(paths) if path.is_file()]
    return masking.secrets_of(context.environ, *map(_values, filter(None, contents)))


def _values(content: bytes) -> dict[str, str]:
    """Return the values of an env file; of one that cannot be parsed, all that stands behind a ``=``."""
    try:
        return {key: entry.value for key, entry in document.parse(content, ".env").last_entries.items()}
    except UsageError:
        text = content.decode("utf-8-sig", errors="replace")
        return {str(n): line.partition("=")[2].strip() for n, line in enumerate(text.splitlines())}


def key(
    context: Context, prepared: Prepared, options: UpgradeOptions, test: tuple[str, ...], files: str
) -> str:
    """Return a digest of all that decides what a job finds out; no credential goes into it."""
    python_ = context.python()
    content: dict[str, Any] = {
        "tool": __version__,
        "texts": {str(path): text for path, text in sorted(prepared.project.texts.items())},
        "files": files,
        "python": [str(python_), python_.platform, dict(python_.markers)],
        "indexes": _without_credentials(prepared.pip.values),
        "hashes": context.project.settings.generate_hashes,
        "cooldown": context.project.settings.cooldown,
        "packages": options.packages,
        "layers": options.layers,
        "installer": context.installer.name,
        "test": test,
        "advisories": str(options.advisories or ""),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def open_journal(folder: Path, key: str, options: UpgradeOptions, began: int) -> Journal:
    """Return the journal of a killed job with this key, or a new one.

    Raises ``UsageError`` where it must be the former, and there is none.
    """
    found = read(folder / "journal.json")
    goes_on = found is not None and found.key == key and not found.finished
    is_other = found is not None and not found.finished
    if options.resume and not goes_on:
        raise UsageError(
            "there is no interrupted upgrade to go on with"
            + (": the project, its locks or the options have changed since" if is_other else ""),
            hint="start one: bootstrap upgrade",
            code="nothing-to-resume",
        )
    is_wanted = options.resume or (found is not None and began - found.began < _FRESH)
    if found is not None and goes_on and is_wanted and not options.restart:
        return found
    return Journal(folder / "journal.json", key, began)


def _refuse_stale(context: Context) -> None:
    """Raise where the locks do not say what the requirement files say: an upgrade compares with them."""
    plan = locks.plan(context)
    if plan.apply is None:
        return
    told = next(iter(plan.problems), Problem("stale-lock", plan.detail))
    raise BootstrapError(
        f"the locks must be fresh before they are upgraded: {told.message}",
        hint="run bootstrap lock and commit the locks, then upgrade",
        code=told.code,
        file=told.file,
        line=told.line,
    )


def _without_credentials(values: Mapping[str, str]) -> dict[str, str]:
    return {name: mask(value) for name, value in sorted(values.items())}
