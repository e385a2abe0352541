"""A look into git's index without git: whether it can be that a file is tracked.

The index names every tracked and staged file in full (git's ``index-format``, versions 2 and 3), and it is
read in less time than git takes to start.
"""

from __future__ import annotations

import os
from pathlib import Path

_MAGIC = b"DIRC"
_WHOLE_NAMES = (2, 3)


def may_name(root: Path, name: str) -> bool:
    """Say whether the index of the repository around ``root`` may name a file; only git says it for sure.

    The answer is True also where the index cannot be understood here: version 4, and a split one. Of the way
    to the file only its own name counts, as the index writes ways from the top of the work tree.
    """
    folder = _git_folder(root)
    if folder is None:
        return False
    try:
        content = (folder / "index").read_bytes()
        split = any(path.name.startswith("sharedindex.") for path in folder.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True
    if split or not content.startswith(_MAGIC) or int.from_bytes(content[4:8]) not in _WHOLE_NAMES:
        return True
    return os.fsencode(Path(name).name) + b"\0" in content


def _git_folder(root: Path) -> Path | None:
    """Return where the index lies; in a work tree ``.git`` is a file that names the folder."""
    for folder in (root, *root.parents):
        place = folder / ".git"
        if place.is_dir():
            return place
        if place.is_file():
            text = place.read_text(encoding="utf-8", errors="surrogateescape")
            return folder / text.removeprefix("gitdir:").strip()
    return None
