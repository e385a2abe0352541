"""What becomes of locks that were made: nothing of this machine is in them, and not all are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.locks import addresses, lockable
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, parse_lock
from bootstrap.locks.requirements import shown

Texts = Mapping[PurePosixPath, str]
Locks = Mapping[PurePosixPath, LockFile]


def portable(text: str, name: str, layers: Iterable[Layer], texts: Texts) -> str:
    """Return a lock's text with a variable in the place of each secret; ``texts`` holds all inputs.

    Raises ``BootstrapError`` where something is left that may stand in no lock.
    """
    for path in sorted({path for layer in layers for path in layer.files}):
        text = addresses.with_variables(text, texts[path])
    lines = parse_lock(text, name).file.lines
    faults = [f"{shown(line)} {fault}" for line in lines if (fault := lockable.portability_fault(line))]
    if not faults and addresses.has_credentials(text):
        faults = ["an annotation holds a password or a token"]
    if faults:
        raise BootstrapError(
            f"{name} is not written: {faults[0]}",
            hint="take what brings it in out of the requirement files",
            code="not-portable",
            file=name,
        )
    return text


def to_write(new: Locks, due: frozenset[PurePosixPath], old: Locks) -> list[PurePosixPath]:
    """Return the locks that are due, and the others that would no longer agree with these."""
    chosen = due & new.keys()
    while True:
        pins = {name: version for path in chosen for name, version in _versions(new[path]).items()}
        apart = {
            path
            for path in new.keys() & old.keys() - chosen
            if any(pins.get(name, version) != version for name, version in _versions(old[path]).items())
        }
        if not apart:
            return [path for path in new if path in chosen]
        chosen |= apart


def _versions(lock: LockFile) -> dict[str, str]:
    return {pin.name: str(pin) for pin in lock.pins}
