"""What reads well here and not everywhere: things that other loaders of the same file take differently."""

from __future__ import annotations

from collections.abc import Mapping

from dotenv.variables import Variable, parse_variables

from bootstrap.envfiles.document import Document, Entry
from bootstrap.report import Problem, Severity


def remarks(document: Document) -> list[Problem]:
    """Return warnings: ``byte-order-mark``, and ``comment-as-value`` for ``KEY= # text``."""
    found = []
    if document.bom:
        message = (
            f"{document.name} begins with a byte order mark, which shells take for part of the first key"
        )
        found.append(
            _warning("byte-order-mark", message, f"save {document.name} without it", document.name, 1)
        )
    for entry in document.entries:
        if entry.commented and entry.start == entry.end:
            message = f"python-dotenv before 1.2.4 reads the comment behind {entry.key}= as its value"
            hint = f"move the comment to a line of its own above {entry.key}"
            found.append(_warning("comment-as-value", message, hint, document.name, entry))
    return found


def undefined_references(document: Document, host: Mapping[str, str]) -> list[Problem]:
    """Return a warning for each value that refers to what neither the host nor a line above sets.

    The name that is referred to is part of the value, so it is not told.
    """
    found = []
    known: set[str] = set()
    for entry in document.entries:
        atoms = parse_variables(entry.value) if "${" in entry.value else ()
        names = [atom.name for atom in atoms if isinstance(atom, Variable) and atom.default is None]
        if any(name not in known and name not in host for name in names):
            message = f"{entry.key} refers to a variable that nothing above sets: it expands to nothing"
            hint = f"set that variable above {entry.key} in {document.name}"
            found.append(_warning("undefined-reference", message, hint, document.name, entry.line, entry.key))
        known.add(entry.key)
    return found


def _warning(code: str, message: str, hint: str, name: str, entry: Entry) -> Problem:
    return Problem(code, message, hint, name, entry.line, entry.key, Severity.WARNING)
