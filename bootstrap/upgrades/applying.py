"""Replacing all locks together: what was begun is completed by the next run, whatever stopped it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.system import files

Texts = Mapping[str, str]
"""Paths relative to the project, to their text; an empty one stands for no file."""


def apply(root: Path, plan: Path, before: Texts, after: Texts) -> None:
    """Write ``after`` in place of ``before``; ``plan`` tells the next run what a killed one had still to do.

    The caller removes the plan, when nothing more depends on it.

    Raises ``BootstrapError`` where a file is no longer as it was: then none is written.
    """
    _refuse_changed(root, before)
    steps = [{"path": path, "before": _digest(before.get(path, "")), "after": after[path]} for path in after]
    files.write_atomic(plan, json.dumps(steps).encode(), mode=0o600)
    _carry_out(root, steps)


def complete(root: Path, plan: Path) -> bool:
    """Do what a killed run left to be done; say whether that could be.

    Where a file was changed since by somebody else, nothing is done.
    """
    try:
        steps = json.loads(plan.read_bytes())
        known = [_is_known(root, step) for step in steps]
    except (OSError, ValueError, KeyError, TypeError):
        known = [False]
    if all(known):
        _carry_out(root, steps)
    return all(known)


def _carry_out(root: Path, steps: list[dict[str, str]]) -> None:
    for step in steps:
        path, text = root / step["path"], step["after"]
        if not text:
            files.remove_file(path)
        elif _text(path) != text:
            files.write_atomic(path, text.encode())


def _is_known(root: Path, step: Mapping[str, str]) -> bool:
    now = _text(root / step["path"])
    return now == step["after"] or _digest(now) == step["before"]


def _refuse_changed(root: Path, before: Texts) -> None:
    for path, text in before.items():
        if _text(root / path) != text:
            raise BootstrapError(
                f"{path} was changed while the upgrade was tried, so nothing is written",
                hint="run bootstrap upgrade again: it starts from what is there now",
                code="changed-meanwhile",
                file=path,
            )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        return "\0"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
