"""What reads well here and not everywhere, and references that lead nowhere: warnings about an env file."""

from __future__ import annotations

from collections.abc import Mapping

from bootstrap.envfiles.document import Document, Entry
from bootstrap.report import Problem, Severity


def remarks(document: Document) -> list[Problem]:
    """Return warnings: ``byte-order-mark``, and ``comment-as-value`` for ``KEY= # text``."""
    found = []
    if document.bom:
        message = (
            f"{document.name} begins with a byte order mark, which shells take for part of the first key"
        )
        hint = f"save {document.name} without a byte order mark"
        found.append(Problem("byte-order-mark", message, hint, document.name, 1, None, Severity.WARNING))
    for entry in document.entries:
        if entry.commented and entry.start == entry.end:
            message = f"python-dotenv before 1.2.4 reads the comment behind {entry.key}= as its value"
            hint = f"move the comment to a line of its own above {entry.key}"
            found.append(_warning("comment-as-value", message, hint, document, entry))
    return found


def undefined_references(document: Document, host: Mapping[str, str]) -> list[Problem]:
    """Return a warning for each value that refers to what neither the host nor a line above sets.

    The name that is referred to is part of the value, so it is not told.
    """
    found = []
    known: set[str] = set()
    for entry in document.entries:
        if any(name not in known and name not in host for name in _references(entry.value)):
            message = f"{entry.key} refers to a variable that nothing above sets: it expands to nothing"
            hint = f"set that variable above {entry.key} in {document.name}"
            found.append(_warning("undefined-reference", message, hint, document, entry))
        known.add(entry.key)
    return found


def _references(value: str) -> list[str]:
    """Return the names in ``${NAME}``; a reference with a default never expands to nothing."""
    if "${" not in value:
        return []
    from bootstrap.envfiles.dotenv_parser import Variable, parse_variables

    return [
        atom.name for atom in parse_variables(value) if isinstance(atom, Variable) and atom.default is None
    ]


def _warning(code: str, message: str, hint: str, document: Document, entry: Entry) -> Problem:
    return Problem(code, message, hint, document.name, entry.line, entry.key, Severity.WARNING)
