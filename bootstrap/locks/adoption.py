"""Taking over a lock that another command or a hand made: what of it the new one does not hold any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bootstrap.locks.addresses import same_address
from bootstrap.locks.demands import Demand, applies
from bootstrap.locks.formats import Given, added_up
from bootstrap.locks.lockfile import LockFile, Pin
from bootstrap.locks.requirements import Direct, Line, Option, Reference, Requirement, shown
from bootstrap.pip.masking import mask

_GENERATED = re.compile(r"#.*(?:generated|SHA1:|To update, run)")
_UNSAFE = "# The following packages are considered to be unsafe"
_COMMENT = re.compile(r"(?:^|\s)(?P<comment>#.*)$")
# Annotations, and what pip-compile says of packages it could not pin or hash.
_BY_MACHINE = re.compile(r"\s*#\s*(?:$|via\b|WARNING: )|\s+#\s{2,}\S")


@dataclass(frozen=True, slots=True)
class Loss:
    """One line that could not be kept: ``why`` and ``hint`` are the same for all of a kind."""

    line: int
    text: str
    why: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """A lock as it was and as it is now.

    ``text`` is what the file of ``old`` held, ``source`` what the lock is made from, ``markers`` the
    environment it is for (PEP 508). ``may_move`` says of a package that its pin was to move; ``demands`` are
    what its layer asks for.
    """

    old: LockFile
    text: str
    new: LockFile
    source: str
    markers: Mapping[str, str]
    may_move: Callable[[str], bool]
    demands: tuple[Demand, ...] = ()


def losses(case: Adoption) -> tuple[Loss, ...]:
    """Return what of the old lock is not in the new one, in the order of its lines."""
    pins = {pin.line: pin for pin in case.old.pins}
    lines = (_of_line(case, line, pins.get(line.number)) for line in case.old.file.lines)
    found = [*filter(None, lines), *_comments(case.text)]
    return tuple(sorted(found, key=lambda loss: loss.line))


def _of_line(case: Adoption, line: Line, pin: Pin | None) -> Loss | None:
    if isinstance(line, Reference):
        return Loss(line.number, shown(line), "what another file pins is written out in a lock")
    if isinstance(line, Option):
        return _of_option(case, line)
    if pin is not None:
        return _of_pin(case, line, pin)
    # An address that tells no name.
    now = (each.url for each in case.new.file.lines if isinstance(each, Direct))
    is_kept = isinstance(line, Direct) and any(same_address(line.url, url) for url in now)
    return None if is_kept else _unasked(case, line)


def _of_option(case: Adoption, line: Option) -> Loss | None:
    if line.index_urls or line.trusted_hosts or line.find_links:
        found = {"index-url URL": line.index_urls, "find-links PATH": line.find_links}
        value = next((name for name, given in found.items() if given), "trusted-host HOST")
        hint = f"put it into pip's own configuration, as in pip config set global.{value}"
        return Loss(line.number, mask(line.text), "where packages come from is written into no lock", hint)
    return None if _are_kept(case, line.formats) else _no_option(case, line, line.text)


def _are_kept(case: Adoption, given: tuple[Given, ...]) -> bool:
    kept = added_up(each for line in case.new.options for each in getattr(line, "formats", ())).options()
    return bool(given) and set(added_up(given).options()) <= set(kept)


def _no_option(case: Adoption, line: Line, text: str) -> Loss:
    return Loss(
        line.number, mask(text), "no requirement file has this option", f"write it into {case.source}"
    )


def _unasked(case: Adoption, line: Line) -> Loss:
    hint = f"name it in {case.source}, if the project needs it"
    return Loss(line.number, shown(line), "no requirement file asks for it", hint)


def _of_pin(case: Adoption, line: Requirement | Direct, pin: Pin) -> Loss | None:
    if case.may_move(pin.name):
        return None
    if not applies(pin.marker, case.markers):
        return Loss(line.number, shown(line), "it is for another platform or Python, and a lock is for one")
    now = next((each for each in case.new.pins if each.name == pin.name), None)
    if now is None:
        return _unasked(case, line)
    if not pin.is_pinned:
        return Loss(line.number, f"{shown(line)}, now {now}", "it is no exact version")
    if str(pin) != str(now):
        return Loss(line.number, f"{pin}, now {now}", _why_moved(case, pin))
    return _of_words(case, line, pin, now)


def _why_moved(case: Adoption, pin: Pin) -> str:
    refusing = next((each for each in case.demands if _refuses(each, pin)), None)
    if refusing is None:
        return "the index does not have this version, or it does not go together with the others"
    return f"{refusing.file.name}:{refusing.item.number} {shown(refusing.item)} does not allow it"


def _refuses(demand: Demand, pin: Pin) -> bool:
    item = demand.item
    if not isinstance(item, Requirement) or item.name != pin.name or not pin.version:
        return False
    return not item.specifier.contains(pin.version, prereleases=True)


def _of_words(case: Adoption, line: Requirement | Direct, pin: Pin, now: Pin) -> Loss | None:
    if pin.marker is not None and now.marker is None:
        return Loss(line.number, shown(line), "the pin stays, without its marker: a lock is for one platform")
    if not pin.hashes <= now.hashes:
        return Loss(line.number, shown(line), "the pin stays, with the hashes that the index tells")
    words = [word for word in line.options if not word.startswith("--hash")]
    if not words or _are_kept(case, line.formats):
        return None
    return _no_option(case, line, " ".join([shown(line), *words]))


def _comments(text: str) -> Iterator[Loss]:
    """Yield the comments that a person wrote."""
    physical = text.removeprefix("\ufeff").splitlines()
    for number, line in enumerate(physical[_header_length(physical) :], _header_length(physical) + 1):
        if line.startswith(_UNSAFE):
            return
        found = _COMMENT.search(line)
        if found is not None and _BY_MACHINE.match(line[found.start() :]) is None:
            yield Loss(number, mask(found["comment"]), "pip-compile writes a lock without comments")


def _header_length(physical: list[str]) -> int:
    """Return how many comment lines at the top a program wrote."""
    length = next((at for at, line in enumerate(physical) if not line.startswith("#")), len(physical))
    return length if any(map(_GENERATED.match, physical[:length])) else 0
