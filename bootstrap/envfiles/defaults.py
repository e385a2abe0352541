"""Defaults that changed in the example while the env file still holds the old one."""

from __future__ import annotations

from collections.abc import Callable

from bootstrap.envfiles.document import Document
from bootstrap.envfiles.placeholders import is_placeholder


def outdated(example: Document, env: Document, was_default: Callable[[str, str], bool]) -> dict[str, str]:
    """Return the new default of each key whose value is an earlier one, in the order of the example.

    ``was_default`` says whether a key once had a value as its default. What became a placeholder, or nothing,
    is no value to take.
    """
    known = env.last_entries
    return {
        key: entry.value
        for key, entry in example.last_entries.items()
        if key in known
        and entry.value.strip()
        and not is_placeholder(entry.value)
        and known[key].value != entry.value
        and was_default(key, known[key].value)
    }
