"""The example's new keys into an existing env file, each beside the neighbours it has in the example.

Only lines are added: what the user wrote stays byte for byte and in its order, and merging again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from bootstrap.envfiles.comments import block_above, comments_of
from bootstrap.envfiles.document import Document, Entry, parse, verify
from bootstrap.envfiles.generate import generate


@dataclass(frozen=True, slots=True)
class Merge:
    """The file's new bytes, the keys that came in, those of them whose value was generated, and old ones.

    ``gone`` are the keys that the example neither sets nor documents any more; they are kept. ``withheld``
    are those that were not taken.
    """

    content: bytes = field(repr=False)
    added: tuple[str, ...]
    generated: tuple[str, ...]
    gone: tuple[str, ...]
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Addition:
    """An entry of the example, its lines there, and the line of the env file that it goes in front of."""

    place: int
    entry: Entry
    first: int


def merge(example: Document, env: Document | None, *, withhold: Collection[str] = ()) -> Merge:
    """Return the env file with every key of the example, but those to ``withhold``.

    An absent file is seeded with the whole text of the example, comments and placeholders included: the
    check reports those, and the comments say how to fill them; what is withheld stands there as comments.
    Value functions are replaced by new secrets
    in both cases. Raises ``BootstrapError`` where the result would not read back as meant.
    """
    wanted = example.last_entries
    known = env.last_entries if env else {}
    missing = tuple(key for key in wanted if key not in known)
    added = tuple(key for key in missing if key not in withhold)
    secrets = {key: secret for key in added if (secret := generate(wanted[key].value))}
    filled = example.with_values(secrets)
    withheld = tuple(key for key in missing if key in withhold)
    content = _seed(filled, withheld) if env is None else _inserted(filled, env, withheld)
    documented = {comment.commented_out for comment in comments_of(example).every()}
    gone = tuple(key for key in known if key not in wanted and key not in documented)
    return Merge(content, added, tuple(secrets), gone, withheld)


def _seed(example: Document, withheld: tuple[str, ...]) -> bytes:
    if not withheld:
        return example.render()
    lines = list(example.lines)
    for entry in example.entries:
        if entry.key in withheld:
            for number in range(entry.line - 1, entry.last_line):
                lines[number] = f"# {lines[number]}"
    content = Document(example.name, "".join(lines), example.bom, (), ()).render()
    kept = [(entry.key, entry.value) for entry in example.entries if entry.key not in withheld]
    verify(parse(content, example.name), kept)
    return content


def _inserted(example: Document, env: Document, withheld: tuple[str, ...]) -> bytes:
    found = (addition for addition in _additions(example, env) if addition.entry.key not in withheld)
    additions = sorted(found, key=attrgetter("place"))
    text = "".join(_pieces(example, env, additions))
    content = Document(env.name, text, env.bom, (), ()).render()
    merged = [(entry.line - 1, 1, entry) for entry in env.entries]
    merged += [(addition.place, 0, addition.entry) for addition in additions]
    merged.sort(key=lambda item: item[:2])
    verify(parse(content, env.name), [(entry.key, entry.value) for _, _, entry in merged])
    return content


def _additions(example: Document, env: Document) -> Iterator[_Addition]:
    """Give each missing entry a place: behind the nearest key above it that both files have."""
    known, wanted = env.last_entries, example.last_entries
    place = _before_first_common(example, env)
    above = 0
    for entry in example.entries:
        if entry.key in known:
            place = known[entry.key].last_line
        elif wanted[entry.key] is entry:
            yield _Addition(place, entry, block_above(example, entry, above))
        above = entry.last_line


def _before_first_common(example: Document, env: Document) -> int:
    """Return the line in front of which keys go that stand above all common ones."""
    known = env.last_entries
    common = next((entry.key for entry in example.entries if entry.key in known), None)
    above = 0
    for entry in env.entries:
        if entry.key == common:
            return block_above(env, entry, above)
        above = entry.last_line
    return len(env.lines)


def _pieces(example: Document, env: Document, additions: list[_Addition]) -> Iterator[str]:
    """Give the parts of the merged text; new ones take the line ending of the user's file."""
    newline = env.newline if env.lines else example.newline
    done = 0
    for place, group in groupby(additions, key=attrgetter("place")):
        yield from env.lines[done:place]
        if place and not env.lines[place - 1].endswith(("\n", "\r")):
            yield newline
        before = env.lines[place - 1] if place else ""
        for line in _new_lines(example, list(group), before, "".join(env.lines[place : place + 1])):
            yield line + newline
        done = place
    yield from env.lines[done:]


def _new_lines(example: Document, group: list[_Addition], before: str, after: str) -> list[str]:
    """Return the entries of one place with their comments, set off by blank lines as in the example."""
    lines = [before.strip()]
    for addition in group:
        if lines[-1] and addition.first and _is_blank(example, addition.first - 1):
            lines.append("")
        lines += [line.rstrip("\r\n") for line in example.lines[addition.first : addition.entry.last_line]]
    if after.strip() and _is_blank(example, group[-1].entry.last_line):
        lines.append("")
    return lines[1:]


def _is_blank(document: Document, index: int) -> bool:
    return index < len(document.lines) and not document.lines[index].strip()
