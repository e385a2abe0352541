"""Every file a run reads, with the state it had just before: what the no-op route compares."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bootstrap import unchanged
from bootstrap.errors import UsageError

State = list[int] | None


@dataclass(slots=True)
class Seen:
    """The files that decided this run; ``torn`` is set where one changed while the run was under way."""

    files: dict[Path, State] = field(default_factory=dict)
    torn: bool = False

    def read(self, path: Path) -> bytes | None:
        """Return a file's content, or None where there is none; its state is taken before it is read.

        Raises ``UsageError`` where something is there that cannot be read.
        """
        self.note(path)
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UsageError(
                f"{path} cannot be read: {error.strerror}",
                hint=f"make {path.name} a file that you may read",
                code="unreadable",
                file=str(path),
            ) from None

    def note(self, path: Path) -> None:
        """Take a file's or a folder's state; for a link, that of what it points to."""
        state = _state(path)
        self.torn = self.torn or self.files.get(path, state) != state
        self.files[path] = state


def _state(path: Path) -> State:
    try:
        return unchanged.state(path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", code="unreadable", file=str(path)
        ) from None
