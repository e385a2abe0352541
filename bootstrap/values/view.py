"""Which values count: the one rule of precedence, applied to what the command line asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.envfiles.document import Document
from bootstrap.envfiles.sources import Sources, sources_of
from bootstrap.errors import UsageError
from bootstrap.report import Problem, Severity
from bootstrap.values.asked import Asked
from bootstrap.values.place import Place, checked_environment

_OF_THE_SYSTEM = ("HOME", "LOGNAME", "PWD", "SHELL", "TMPDIR", "USER", "USERNAME", "USERPROFILE")
# As python-dotenv reads PYTHON_DOTENV_DISABLED.
_TRUE = ("1", "true", "t", "yes", "y")


@dataclass(frozen=True, slots=True)
class View:
    """What is read: the env file, or None, under its name, and what of the host is looked at.

    ``override`` says that the file wins over what is looked at of the host.
    """

    env: Document | None
    env_name: str
    host: Mapping[str, str] = field(repr=False)
    source: str
    override: bool
    remarks: tuple[Problem, ...] = ()

    @property
    def sources(self) -> Sources:
        """The values as a program sees them."""
        return sources_of(self.env, self.host, override=self.override)

    @property
    def subject(self) -> str:
        """What is checked, in words: the file, where one is read."""
        return self.env_name if self.env else "host environment"

    @property
    def told(self) -> str:
        """The source in words."""
        if self.source == "both":
            first, second = "the host environment", self.env_name
            return f"{second}, then {first} (--override)" if self.override else f"{first}, then {second}"
        return "host environment" if self.source == "host" else self.env_name


def view(place: Place, asked: Asked) -> View:
    """Read what counts.

    Raises ``UsageError`` for a file that was asked for and is not there, and for one that cannot be read.
    """
    checked_environment(asked.environment)
    name = asked.file or place.env_name
    source, remarks = _source(place, asked, name)
    if source == "host":
        return View(None, name, place.environ, source, override=False, remarks=remarks)
    env = place.read(name)
    if env is None:
        raise UsageError(
            f"there is no {name} in {place.project.root}",
            hint=f"{_making(place, name)}, or read the host alone with --source host",
            code="no-env-file",
            file=name,
        )
    if source == "file":
        return View(env, name, _surroundings(place.environ), source, override=True, remarks=remarks)
    return View(env, name, place.environ, source, asked.override, remarks)


def _making(place: Place, name: str) -> str:
    return "make it with bootstrap env update" if name == place.env_name else "name a file that is there"


def _source(place: Place, asked: Asked, name: str) -> tuple[str, tuple[Problem, ...]]:
    if asked.source is not None:
        return asked.source, ()
    if asked.file is not None:
        return "both", ()
    if place.environ.get("CI"):
        return "host", ()
    if place.environ.get("PYTHON_DOTENV_DISABLED", "").casefold() in _TRUE:
        message = f"PYTHON_DOTENV_DISABLED is set, so {name} is not read, as by load_dotenv()"
        hint = "unset PYTHON_DOTENV_DISABLED"
        return "host", (Problem("dotenv-disabled", message, hint, severity=Severity.WARNING),)
    return ("both" if place.exists(name) else "host"), ()


def _surroundings(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return of the host what the file's own references may well mean; no program's values are among it."""
    return {key: environ[key] for key in _OF_THE_SYSTEM if key in environ}
