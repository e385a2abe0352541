"""Which names a project can have: its package is called so, and every import must still find its own."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection

from bootstrap.errors import UsageError

_LONGEST = 100
# The test package is none of sys.stdlib_module_names; the others are younger than some Pythons this runs on.
_STANDARD = sys.stdlib_module_names | {"annotationlib", "compression", "test"}
_FORM = re.compile(r"[a-z]([a-z0-9_]*[a-z0-9])?")


def check(name: str, taken: Collection[str], standard: Collection[str] = _STANDARD) -> None:
    """Refuse a name that is no plain module name, or that another module has.

    ``taken`` are the modules of the template and of what it depends on. Raises ``UsageError``.
    """
    why = _why_not(name, taken, standard)
    if why is not None:
        raise UsageError(
            f"a project cannot be called {name!r}: {why}",
            hint=f"take another name, as in {_suggestion(name, taken, standard)}",
            code="bad-name",
        )


def _why_not(name: str, taken: Collection[str], standard: Collection[str]) -> str | None:
    if len(name) > _LONGEST:
        return f"it has more than {_LONGEST} letters"
    if not _FORM.fullmatch(name):
        return "a package's name has small letters, digits and _, a letter first and no _ last"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "it is a word of Python itself"
    if name in standard:
        return "a module of Python's standard library has that name"
    if name in taken:
        return "a module that the project needs has that name"
    return None


def _suggestion(name: str, taken: Collection[str], standard: Collection[str]) -> str:
    """Return a name near to the one that was refused."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_0123456789") or "shop"
    for near in (plain[:_LONGEST].strip("_"), f"{plain[:40].strip('_')}_site"):
        if _why_not(near, taken, standard) is None:
            return near
    return "shop"
