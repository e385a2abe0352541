"""The platform a lock was made on: no line of it tells, but what it has and what it lacks may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bootstrap.locks.demands import applies
from bootstrap.locks.reason import Reason

if TYPE_CHECKING:
    from packaging.markers import Marker

    from bootstrap.locks.lockfile import LockFile

OTHER_PLATFORM = "other-platform"
"""The code of a reason: the lock lacks what is needed here and was not where it was made."""

# Within one minor version of Python, which the header tells, these differ from machine to machine.
_APART = re.compile(r"\b(os_name|sys_platform|platform_\w+|implementation_\w+|python_full_version)\b")
_EXTRA = re.compile(r"\bextra\s*[=!]=")


def tells_apart(marker: Marker | str | None) -> bool:
    """Say whether a marker, or a requirement with one, may hold on one platform and not on another.

    One that an extra takes part in does not count: what it asks for is missing too where the extra is new.
    """
    text = str(marker).rpartition(";")[2]
    return _APART.search(text) is not None and _EXTRA.search(text) is None


def is_of_another(lock: LockFile, markers: Mapping[str, str]) -> bool:
    """Say whether a lock by pip-compile was made elsewhere: it leaves out what does not apply there."""
    return any(tells_apart(pin.marker) and not applies(pin.marker, markers) for pin in lock.pins)


def code_of(reasons: Iterable[Reason]) -> str:
    """Return the code for what follows from some reasons: they may all be about the platform."""
    return OTHER_PLATFORM if {reason.code for reason in reasons} == {OTHER_PLATFORM} else "stale-lock"


def lacking(reasons: Mapping[str, Sequence[Reason]]) -> list[Reason]:
    """Return what the locks lack on this platform, where that is all that is wrong with any of them."""
    every = [reason for found in reasons.values() for reason in found]
    return list(dict.fromkeys(every)) if code_of(every) == OTHER_PLATFORM else []
