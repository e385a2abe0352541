"""Which entries a project's ``.gitignore`` needs: pure rules, judged by what is ignored already."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bootstrap.gitignore import block, rules


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of ``.gitignore`` and the paths that show whether it is needed.

    The line is needed unless all ``probes`` are ignored; for an exception (``shown``) it is needed if one of
    them is. Without probes it is needed unless it stands in the file.
    """

    line: str
    probes: tuple[str, ...] = ()
    shown: bool = False


def entries_for(venv: str, env_file: str, env_example: str, extra: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Return the entries of a project; ``extra`` are the lines its settings add.

    ``.env.bootstrap-new`` is where a new ``.env`` is written before it takes its place. The exception for the
    example comes last, so that no line added with it hides the example.
    """
    return (
        Entry(f"{_literal(venv)}/", (f"{venv}/pyvenv.cfg", f"{venv}/bin/python")),
        Entry(_literal(env_file), (env_file,)),
        Entry(f"{_literal(env_file)}.*", (f"{env_file}.local", f"{env_file}.bootstrap-new")),
        Entry(
            "__pycache__/",
            ("__pycache__/module.cpython-312.pyc", "package/__pycache__/module.cpython-312.pyc"),
        ),
        Entry("*.py[cod]", ("module.pyc", "package/module.pyc")),
        *(Entry(line, _probes_of(line)) for line in extra),
        Entry(f"!{_literal(env_example, negated=True)}", (env_example,), shown=True),
    )


def probes_of(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return all paths to ask a judge about."""
    return tuple(probe for entry in entries for probe in entry.probes)


def needed(entries: Sequence[Entry], ignored: Collection[str], existing: bytes) -> tuple[str, ...]:
    """Return the lines that a ``.gitignore`` holding ``existing`` lacks; ``ignored`` are the hidden probes.

    Empty once they are added, whatever else hides or shows a probe: another run finds nothing to do.
    """
    settled, standing = block.settled(existing), block.rules_of(existing)
    added: list[str] = []
    for entry in entries:
        wanted = entry.line not in settled and _is_needed(entry, ignored, standing)
        if wanted or (entry.shown and rules.ignored(added, entry.probes)):
            added.append(entry.line)
    return tuple(added)


def _is_needed(entry: Entry, ignored: Collection[str], standing: Collection[str]) -> bool:
    if entry.shown:
        return any(probe in ignored for probe in entry.probes)
    if not entry.probes:
        return entry.line not in standing
    return not all(probe in ignored for probe in entry.probes)


def _literal(path: str, *, negated: bool = False) -> str:
    """Write a path so that git reads no pattern, comment, exception or end of line into it (gitignore(5))."""
    escaped = re.sub(r"([\\*?\[])", r"\\\1", path)
    if escaped.startswith(("#", "!")) and not negated:
        escaped = f"\\{escaped}"
    return f"{escaped[:-1]}\\ " if escaped.endswith(" ") else escaped


def _probes_of(line: str) -> tuple[str, ...]:
    """Return a path that a plain pattern hides; none for an exception or what has no obvious example."""
    if line.startswith(("!", "#")) or re.search(r"[\\\[\]]", line):
        return ()
    path = re.sub(r"\*+", "x", line).replace("?", "x").strip("/")
    return (f"{path}/x",) if line.endswith("/") else (path,)
