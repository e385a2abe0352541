"""Whether a folder may become a project: what lies in it stays, so nothing there may be in the way."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from bootstrap.errors import UsageError

# A repository that was just made on a server has these.
_KEPT = (".git", "README*", "LICENSE*", "LICENCE*")
_SHOWN = 20


def kept(folder: Path) -> frozenset[str]:
    """Return what lies in the folder and stays as it is: the template's file of that name is left out.

    Raises ``UsageError`` with a list of all else that lies there, or where it is no folder.
    """
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return frozenset()
    except NotADirectoryError:
        raise _taken(f"{folder} is a file", "take another --directory") from None
    except OSError as error:
        raise _taken(f"{folder} cannot be read: {error.strerror}", "take another --directory") from None
    in_the_way = [name for name in names if not _may_stay(name)]
    if in_the_way:
        raise _taken(
            f"{folder} is not empty: {_listed(in_the_way)}",
            "take another --directory, or bring what is there under care with bootstrap init",
        )
    return frozenset(names)


def _may_stay(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in _KEPT)


def _listed(names: Iterable[str]) -> str:
    first, *others = names
    shown = [first, *others[: _SHOWN - 1]]
    more = len(others) + 1 - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _taken(message: str, hint: str) -> UsageError:
    return UsageError(message, hint=hint, code="not-empty")
