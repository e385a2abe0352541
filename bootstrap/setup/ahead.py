"""Whether there is likely something to lock: then the process that does it is started at once.

That is so where one of the files that the last lock was made from, or one of the locks, has changed since. A
wrong guess costs nobody anything but a process that is ended.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bootstrap import unchanged
from bootstrap.errors import BootstrapError
from bootstrap.locks.head_start import HeadStart, begun
from bootstrap.system import files, host


def head_start(folder: Path) -> AbstractContextManager[HeadStart]:
    """Start the process for the body, where the project around ``folder`` is likely to be locked."""
    return begun(_python_for(folder))


def remember(root: Path, paths: Iterable[Path], python: Path | None = None) -> None:
    """Remember the files that decide what is locked, and the Python that did it: None for the one before.

    A full disk does not matter.
    """
    with contextlib.suppress(BootstrapError, OSError):
        known = _known(root)
        python = python or (Path(known["python"]) if known else None)
        new = {"python": str(python), "files": _states(map(str, paths))}
        if python is not None and new != known:
            files.make_folder(_record(root).parent)
            files.write_atomic(_record(root), json.dumps(new).encode())


def _python_for(folder: Path) -> Path | None:
    """Return the Python of the last lock, where something has changed since then."""
    with contextlib.suppress(BootstrapError, OSError):
        known = _known(Path(unchanged.root_of(str(folder))))
        if known and known["files"] != _states(known["files"]):
            return Path(known["python"])
    return None


def _known(root: Path) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(_record(root).read_bytes())
        if isinstance(known, dict) and isinstance(known.get("files"), dict) and "python" in known:
            return known
    return None


def _states(paths: Iterable[str]) -> dict[str, list[int] | None]:
    return {path: unchanged.state_of(path) for path in sorted(paths)}


def _record(root: Path) -> Path:
    digest = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return host.cache_folder() / "head-starts" / f"{digest}.json"
