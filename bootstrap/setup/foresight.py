"""Whether there is likely something to lock: then the process that does it is started at once.

That is so where one of the files that the last lock was made from, or one of the locks, has changed since. A
wrong guess costs a third of a second of another processor's time.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bootstrap import unchanged
from bootstrap.errors import BootstrapError
from bootstrap.locks.head_start import HeadStart, started
from bootstrap.system import files, project_lock

# A record that is damaged, a cache that cannot be written: what is only a guess is left.
_LEFT = (BootstrapError, OSError, ValueError, TypeError, KeyError)


def head_start(folder: Path, *, surely: bool = False) -> AbstractContextManager[HeadStart]:
    """Start the process for the body, where the project around ``folder`` is likely to be locked.

    With ``surely`` it is locked whatever its files say.
    """
    return started(_python_for(folder, surely=surely))


def remember(root: Path, paths: Iterable[Path], python: Path | None = None) -> None:
    """Remember the files that decide what is locked, and the Python that did it: None for the one before."""
    with contextlib.suppress(*_LEFT):
        known = _known(root)
        by = str(python) if python else known and known["python"]
        new = {"python": by, "files": _states(map(str, paths))}
        if by and new != known:
            files.write_atomic(_record(root), json.dumps(new).encode())


def _python_for(folder: Path, *, surely: bool) -> Path | None:
    """Return the Python of the last lock, where something has changed since then."""
    with contextlib.suppress(*_LEFT):
        known = _known(Path(unchanged.root_of(str(folder))))
        if known and (surely or known["files"] != _states(known["files"])):
            return Path(known["python"])
    return None


def _known(root: Path) -> dict[str, Any] | None:
    with contextlib.suppress(*_LEFT):
        known = json.loads(_record(root).read_bytes())
        if isinstance(known["files"], dict) and isinstance(known["python"], str):
            return dict(known)
    return None


def _states(paths: Iterable[str]) -> dict[str, list[int] | None]:
    return {path: unchanged.state_of(path) for path in sorted(paths)}


def _record(root: Path) -> Path:
    return project_lock.lock_file(root).with_suffix(".seen.json")
