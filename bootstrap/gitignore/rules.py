"""The rules of ``.gitignore`` without git: where there is none, and for lines that are not written yet."""

from __future__ import annotations

from collections.abc import Iterable


def ignored(lines: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """Return those of ``paths`` (relative, with ``/``) that the lines of one ``.gitignore`` hide."""
    from pathspec import GitIgnoreSpec  # most projects have git, which is asked instead

    spec = GitIgnoreSpec.from_lines(line.removesuffix("\r") for line in lines)
    return frozenset(path for path in paths if spec.match_file(path))
