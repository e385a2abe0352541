"""Where the process that locks keeps what metadata files say: a file for each project, in the cache."""

from __future__ import annotations

import contextlib
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.system import files, host, project_lock

_MOST = 50
"""Projects whose files are kept; each has some kilobytes for each package."""


def kept_for(root: Path) -> Path:
    """Return the file of a project; where it cannot be written, the index is asked again, no more."""
    folder = host.cache_folder() / "metadata"
    with contextlib.suppress(BootstrapError, OSError):
        files.make_folder(folder)
        files.keep_newest(folder, _MOST)
    return folder / f"{project_lock.lock_file(root).stem}.json"
