"""Bringing a project's tool-owned files up to date: what the user changed stays as he wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bootstrap.gitignore import block
from bootstrap.scaffold import record as records
from bootstrap.scaffold.manifest import Owner
from bootstrap.scaffold.record import Record
from bootstrap.scaffold.rendering import Rendered

BESIDE = ".new"
"""What the name ends with of a template's file that is put beside one the user changed."""


@dataclass(frozen=True, slots=True)
class Write:
    """A file to write; ``done`` says in one word what that does."""

    path: str
    content: bytes
    done: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that the user changed and the template as well; ``diff`` leads from his to the template's."""

    path: str
    diff: str


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be done: files to write, those that need the user, and what is then remembered.

    ``waiting`` are files whose neighbour from an earlier update still lies there.
    """

    writes: tuple[Write, ...]
    conflicts: tuple[Conflict, ...]
    waiting: tuple[str, ...]
    record: Record

    def __bool__(self) -> bool:
        """Tell whether there is anything to do, for the tool or the user."""
        return bool(self.writes or self.conflicts or self.waiting)


def plan(record: Record, rendered: Iterable[Rendered], on_disk: Mapping[str, bytes]) -> Update:
    """Compare what was written, what lies there, and what the template has now.

    ``on_disk`` holds the content of the files that are there, and of their neighbours. A file that the user
    deleted stays deleted, one that only he changed stays his, and a new one of the template is added. A
    neighbour of an earlier update makes way for the newer one, unless he has changed it: then he is asked
    again once it is gone.
    """
    writes: list[Write] = []
    conflicts: list[Conflict] = []
    remembered: dict[str, str] = {}
    owned = [file for file in rendered if file.owner is not Owner.USER]
    for file in owned:
        known, mine = record.files.get(file.path), on_disk.get(file.path)
        remembered[file.path] = records.digest(file.content)
        if remembered[file.path] == known or (mine is None and known is not None):
            continue
        write = _write(file, known, mine)
        if write is not None:
            writes.append(write)
        elif mine is not None and _needs_the_user(file, mine):
            conflicts.append(Conflict(file.path, _diff(file, mine)))
            beside = on_disk.get(file.path + BESIDE)
            lies_there = None if beside is None else records.digest(beside)
            if lies_there in (None, known):
                writes.append(Write(file.path + BESIDE, file.content, "put beside yours"))
            elif lies_there != remembered[file.path]:
                del remembered[file.path]
    asked = {conflict.path for conflict in conflicts}
    waiting = (file.path for file in owned if file.path + BESIDE in on_disk and file.path not in asked)
    return Update(tuple(writes), tuple(conflicts), tuple(waiting), replace(record, files=remembered))


def _write(file: Rendered, known: str | None, mine: bytes | None) -> Write | None:
    """Return what brings one file up to date, or None where it is so already or needs the user."""
    if mine is None:
        return Write(file.path, file.content, "added")
    if file.owner is Owner.LINES:
        there = block.rules_of(mine)
        missing = [line for line in block.rules_of(file.content) if line not in there]
        return Write(file.path, block.with_block(mine, missing), "completed") if missing else None
    if records.digest(mine) == known:
        return Write(file.path, file.content, "replaced")
    return None


def _needs_the_user(file: Rendered, mine: bytes) -> bool:
    return file.owner is Owner.TOOL and records.digest(mine) != records.digest(file.content)


def _diff(file: Rendered, mine: bytes) -> str:
    lines = difflib.unified_diff(
        mine.decode(errors="replace").splitlines(),
        file.content.decode().splitlines(),
        file.path,
        file.path + BESIDE,
        lineterm="",
    )
    return "\n".join(lines)
