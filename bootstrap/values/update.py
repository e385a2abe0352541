"""``bootstrap env update``: the example's new keys into the env file, which else stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bootstrap.envfiles.comments import comments_of
from bootstrap.envfiles.defaults import outdated
from bootstrap.envfiles.document import Document, parse
from bootstrap.envfiles.merge import Merge, merge
from bootstrap.envfiles.names import dangerous, dangerous_keys
from bootstrap.envfiles.schema import Schema, parse_schema
from bootstrap.errors import BootstrapError
from bootstrap.report import Problem, Severity
from bootstrap.system import files
from bootstrap.values import guards, record
from bootstrap.values.place import Place

_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Update:
    """What is to be written, and what was found on the way.

    ``outdated`` are keys that hold a default which the example has changed, ``taken`` those of them that get
    the new one.
    """

    example: Document
    schema: Schema
    before: Document | None
    merged: Merge
    after: Document
    content: bytes = field(repr=False)
    outdated: tuple[str, ...]
    taken: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.before is None or self.content != self.before.render()

    def facts(self) -> dict[str, object]:
        """Return what the JSON document says of it."""
        return {
            "created": self.before is None,
            "added": list(self.merged.added),
            "generated": list(self.merged.generated),
            "outdated_defaults": list(self.outdated),
            "taken_defaults": list(self.taken),
            "gone": list(self.merged.gone),
            "withheld": list(self.merged.withheld),
        }


def plan(place: Place, *, take_defaults: bool = False) -> Update:
    """Return what would be written.

    Raises ``UsageError`` for a file that is needed and is missing, or cannot be read.
    """
    example = place.example()
    before = place.read(place.env_name)
    merged = merge(example, before, withhold=dangerous_keys(example))
    after = parse(merged.content, place.env_name)
    changed = outdated(example, before, record.earlier(place)) if before else {}
    final = after.with_values(changed) if take_defaults and changed else after
    return Update(
        example,
        parse_schema(example),
        before,
        merged,
        final,
        final.render(),
        tuple(changed),
        tuple(changed) if take_defaults else (),
        tuple(replace(problem, severity=Severity.WARNING) for problem in dangerous(example, before)),
    )


def apply(place: Place, update: Update, *, in_place: bool = False) -> None:
    """Write the file; the caller holds the project's lock.

    Raises ``BootstrapError`` for a file that git tracks, a link or a FIFO, and where it cannot be written.
    """
    record.remember(place.project.root, update.example)
    if update.changes:
        write(place, update.content, is_new=update.before is None, in_place=in_place)


def write(place: Place, content: bytes, *, is_new: bool, in_place: bool = False) -> None:
    """Write the env file, readable by nobody else where it is new; raises ``BootstrapError`` as `apply`."""
    path = place.path(place.env_name)
    guards.refuse_special(place, place.env_name)
    guards.refuse_tracked(place, place.env_name)
    if in_place and not is_new:
        files.write_in_place(path, content)
    else:
        try:
            files.write_atomic(path, content, mode=_MODE if is_new else None)
        except files.InUseError as error:
            raise BootstrapError(
                str(error),
                hint=f"where {place.env_name} is mounted on its own, add --in-place, or mount its folder",
                code="cannot-write",
                file=place.env_name,
            ) from None


def shown(update: Update) -> Iterator[str]:
    """Give the lines of the change: each new key with its comments and its place, without secret values."""
    after, variables = update.after, update.schema.by_key
    new, above = set(update.merged.added), None
    for entry, comments in comments_of(after).attached:
        if entry.key in new:
            for comment in comments:
                hidden = f"# {comment.commented_out}=..." if comment.commented_out else comment.text.strip()
                yield f"   {hidden}"
            yield f" + {entry.key}={_value(update, entry.key, variables[entry.key].sensitive)}"
            if above not in new:
                yield f"   (after {above})" if above else "   (at the top)"
        above = entry.key


def _value(update: Update, key: str, sensitive: object) -> str:
    if key in update.merged.generated:
        return "<generated>"
    default = update.example.last_entries[key].value
    return "<as in the example>" if sensitive and default else default.partition("\n")[0]
