"""Where the commands about values look: a project's files, and the variables of the host."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap import project as projects
from bootstrap.envfiles.document import Document, parse
from bootstrap.errors import UsageError
from bootstrap.project import Project
from bootstrap.system import host

_ENVIRONMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Place:
    """The project and the host that one command is about; files are named relative to the project."""

    project: Project
    environ: Mapping[str, str] = field(repr=False)
    platform: str

    @property
    def env_name(self) -> str:
        """How messages call the values of this machine."""
        return self.project.settings.env_file

    @property
    def example_name(self) -> str:
        """How messages call the schema."""
        return self.project.settings.env_example

    def path(self, name: str) -> Path:
        """Return where a file lies."""
        return self.project.root / name

    def exists(self, name: str) -> bool:
        """Say whether something is there, be it a link that leads nowhere."""
        return os.path.lexists(self.path(name))

    def read(self, name: str) -> Document | None:
        """Return a file, or None where there is none.

        Raises ``UsageError`` where something is there that cannot be read or parsed.
        """
        content = self.content(name)
        return None if content is None else parse(content, name)

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a file, or None where there is none; raises ``UsageError`` as `read` does."""
        path = self.path(name)
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            if not path.is_symlink():
                return None
            reason = "it is a link that leads nowhere"
        except OSError as error:
            reason = error.strerror or type(error).__name__
        raise UsageError(
            f"{name} cannot be read: {reason}",
            hint=f"make {name} a file that you may read",
            code="unreadable",
            file=name,
        )

    def example(self) -> Document:
        """Return the schema's document; raises ``UsageError`` where it is missing or cannot be read."""
        found = self.read(self.example_name)
        if found is None:
            from_env = f" --from {self.env_name}" if self.exists(self.env_name) else " --from FILE"
            raise UsageError(
                f"there is no {self.example_name} in {self.project.root}",
                hint=f"write it, or have its keys written: bootstrap env annotate{from_env}",
                code="no-example",
                file=self.example_name,
            )
        return found


def find(folder: Path) -> Place:
    """Return the place around a folder; an example file alone marks one too: an image may hold no more.

    Raises ``UsageError`` where there is none, and for settings that are wrong.
    """
    environ = host.environment()
    named = environ.get("BOOTSTRAP_ENV_EXAMPLE") or ".env.example"
    return Place(projects.load(folder, environ, else_by=(named, ".env")), environ, host.platform())


def checked_environment(name: str) -> str:
    """Return the name of an environment; raises ``UsageError`` for what can be none."""
    if _ENVIRONMENT.fullmatch(name) is None:
        raise UsageError(
            f"{name!r} is no name of an environment",
            hint="use lower case letters, digits and hyphens, as in staging",
            code="bad-environment",
        )
    return name
