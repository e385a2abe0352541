"""Every file a run reads, with the state it had just before: what the no-op route compares."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bootstrap import unchanged
from bootstrap.errors import UsageError

State = list[int] | None


@dataclass(slots=True)
class Seen:
    """The files that decided this run; ``torn`` is set where one changed while the run was under way.

    ``root`` is the project's folder: messages name what lies inside it relative to it.
    """

    root: Path
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
            raise self._unreadable(path, error) from None

    def note(self, path: Path) -> None:
        """Take a file's or a folder's state; for a link, that of what it points to."""
        try:
            state = unchanged.state_of(path)
        except OSError as error:
            raise self._unreadable(path, error) from None
        self.torn = self.torn or self.files.get(path, state) != state
        self.files[path] = state

    def _unreadable(self, path: Path, error: OSError) -> UsageError:
        shown = path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        return UsageError(
            f"{shown} cannot be read: {error.strerror}",
            hint=f"make {shown} a file that you may read",
            code="unreadable",
            file=shown,
        )
