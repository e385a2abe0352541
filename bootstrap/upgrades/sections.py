"""The parts of the report in Markdown; each is empty where there is nothing to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bootstrap.upgrades import licences, progress
from bootstrap.upgrades.escaping import code, link, text
from bootstrap.upgrades.findings import Findings, HeldBack, Tried
from bootstrap.upgrades.pins import Bump, Move
from bootstrap.wording import counted

_REASONS = {
    "install": "cannot be installed",
    "check": "its requirements are not met",
    "resolve": "cannot be locked",
    "timeout": "the tests do not end",
    "cannot-judge": "the tests cannot be judged (exit code 125)",
}
_ORDER = [Bump.MAJOR, Bump.NEW, Bump.GONE, Bump.CALENDAR, Bump.MINOR, Bump.PATCH]
_FEW = 6


def head(findings: Findings) -> str:
    """Return the title, and what was run."""
    month = findings.day[:7]
    if findings.tests is None:
        title = f"{counted(len(findings.moves), 'package')} could be upgraded, nothing was tried"
        return f"## Dependency upgrade {month}: {title}\n\nPython {text(findings.python)}.\n\n"
    held = sum(len(each.moves) + len(each.dragged) for each in findings.held)
    parts = [f"{counted(len(findings.moves), 'package')} upgraded"]
    parts += [f"{held} held back"] if held else []
    parts += [f"{len(findings.untried)} not tried"] if findings.untried else []
    lines = [
        f"## Dependency upgrade {month}: {', '.join(parts)}",
        "",
        _ran(findings.tests),
        *(text(note) for note in findings.notes),
    ]
    return "\n".join(lines) + "\n\n"


def vulnerabilities(findings: Findings) -> str:
    """Return what is known of vulnerabilities: what was checked comes first, for silence is no answer."""
    audit = findings.audit
    unchecked = audit.not_checked()
    count = sum(map(len, unchecked.values()))
    parts = [f"**Known vulnerabilities:** {audit.checked} packages checked, {count} not checked"]
    counts = (("fixed", audit.fixed()), ("new", audit.new()), ("still open", audit.still_open()))
    if audit.checked:
        parts += [f"{word}: {len(found)}" for word, found in counts]
    lines = [f"{'; '.join(parts)}."]
    for why, names in unchecked.items():
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        lines.append(f"- not checked ({text(why)}): {', '.join(map(text, names[:_FEW]))}{more}")
    for word, found in counts:
        for name, each in found:
            fixed = f", fixed in {text(', '.join(each.fixed))}" if each.fixed and word != "fixed" else ""
            ids = text(" ".join((each.id, *each.aliases[:2])))
            lines.append(f"- {word}: **{text(name)}** {ids}: {text(each.summary)}{fixed}")
    return "\n".join(lines) + "\n\n"


def eye(findings: Findings) -> str:
    """Return what a reader must look at."""
    rows = [row for move in _sorted(findings.moves) for row in _eye_rows(findings, move)]
    pythons = _pythons(findings)
    if not rows and not pythons:
        return ""
    table = _table(("", "package", "change", "why"), rows) if rows else ""
    return f"### Needs your eye\n\n{table}{pythons}"


def held(findings: Findings) -> str:
    """Return what was held back, with the first lines of the failure."""
    if not findings.held:
        return ""
    return "### Held back\n\n" + "\n".join(_held(each) for each in findings.held) + "\n\n"


def untried(findings: Findings) -> str:
    """Return what was left when the search had to end."""
    if not findings.untried:
        return ""
    names = ", ".join(f"{text(move.name)} {text(move.new or '')}" for move in findings.untried)
    return f"### Not tried\n\nThe search had to end before these: {names}\n\n"


def upgraded(findings: Findings) -> str:
    """Return the table of all that moves."""
    if not findings.moves:
        return ""
    direct = sum(move.place.direct for move in findings.moves)
    title = "Upgraded" if findings.tests else "Could be upgraded"
    rows = [_row(findings, move) for move in _sorted(findings.moves)]
    heads = ("package", "from", "to", "bump", "kind", "released", "layers", "links")
    return f"### {title} ({direct} direct, {len(findings.moves) - direct} transitive)\n\n" + _table(
        heads, rows
    )


def unseen(findings: Findings) -> str:
    """Return what no test imported: the limit of what a green run tells."""
    tests = findings.tests
    if tests is None or not tests.words or not findings.moves:
        return ""
    if tests.imported is None:
        return "Which packages the tests imported is not known: they ran no Python of their environment.\n\n"
    names = findings.unseen
    if not names:
        return "Every upgraded package was imported by the test run.\n\n"
    return f"**Upgraded but never imported by the test run:** {', '.join(map(text, names))}\n\n"


def not_newest(findings: Findings) -> str:
    """Return what stays behind, and why."""
    if not findings.not_newest:
        return ""
    rows = [
        (text(each.name), text(each.chosen), text(each.newest), text(each.why))
        for each in findings.not_newest
    ]
    return "### Not the newest, and why\n\n" + _table(("package", "chosen", "newest", "why"), rows)


ALL: tuple[Callable[[Findings], str], ...] = (
    head,
    vulnerabilities,
    eye,
    held,
    untried,
    unseen,
    upgraded,
    not_newest,
)


def new_migrations(findings: Findings, move: Move) -> tuple[str, ...]:
    """Return the Django migrations that the new version ships and the old one did not."""
    old, new = findings.old.get(move.name), findings.new.get(move.name)
    if new is None or (old is None and move.old is not None):
        return ()
    return tuple(sorted(set(new.migrations) - set(old.migrations if old else ())))


def _ran(tests: Tried) -> str:
    if not tests.words:
        return "No tests were run: the new set installs in fresh environments, `pip check` is clean."
    runs = counted(tests.runs, "test run")
    flaky = ""
    if tests.flaky:
        flaky = f" **Flaky:** {tests.flaky} of them failed and passed when the same was tried again."
    return (
        f"{code(' '.join(tests.words))} passed with what was locked ({progress.duration(tests.first)}), and "
        f"with what is upgraded, in fresh environments in which `pip check` is clean. {runs}, "
        f"{progress.duration(tests.seconds)} in all.{flaky}"
    )


def _eye_rows(findings: Findings, move: Move) -> Iterator[tuple[str, ...]]:
    name, change = text(move.name), f"{text(move.old or 'new')} → {text(move.new or 'gone')}"
    old, new = findings.old.get(move.name), findings.new.get(move.name)
    by = f"needed by {', '.join(move.place.parents)}" if move.place.parents else ""
    if move.bump is Bump.MAJOR:
        yield "MAJOR" + (" direct" if move.place.direct else ""), name, change, text(by)
    migrations = new_migrations(findings, move)
    if migrations:
        shown = ", ".join(migrations[:_FEW]) + (", ..." if len(migrations) > _FEW else "")
        yield "MIGRATIONS", name, change, text(f"ships {len(migrations)} new: {shown}")
    if old and new and not licences.same(old.licence, new.licence):
        yield "LICENCE", name, change, f"{text(old.licence)} → {text(new.licence)}"
    if move.bump is Bump.NEW:
        yield "NEW", name, change, text(by)
    if move.bump is Bump.GONE:
        yield "GONE", name, change, "nothing needs it any more"


def _pythons(findings: Findings) -> str:
    """Return whose ``requires-python`` changed: nearly every package's does in two years, so on one line."""
    changed = []
    for move in sorted(findings.moves, key=lambda move: (not move.place.direct, move.name)):
        old, new = findings.old.get(move.name), findings.new.get(move.name)
        if old and new and old.requires_python != new.requires_python:
            wanted = f"{old.requires_python or 'any'} → {new.requires_python or 'any'}"
            changed.append(text(f"{move.name} ({wanted})"))
    return f"**requires-python changed:** {', '.join(changed)}\n\n" if changed else ""


def _held(each: HeldBack) -> str:
    names = ", ".join(
        f"**{text(move.name)} {text(move.old or '')}** (wanted {text(move.new or '')})" for move in each.moves
    )
    among = ""
    if each.among:
        others = ", ".join(map(text, each.among[:_FEW]))
        among = f" ({others}{' or another of ' + str(len(each.among)) if len(each.among) > _FEW else ''})"
    how = _REASONS.get(each.reason, "the tests fail")
    lines = [f"- {names}: {how}, {text(each.why)}{among}; held since {text(each.since)}"]
    if each.dragged:
        dragged = ", ".join(f"{text(move.name)} {text(move.old or '')}" for move in each.dragged)
        lines.append(f"  - with it stay, as they need it: {dragged}")
    lines += [f"  - {code(line)}" for line in each.excerpt]
    return "\n".join(lines)


def _row(findings: Findings, move: Move) -> tuple[str, ...]:
    new = findings.new.get(move.name)
    links = [link("changelog", new.changelog), link("source", new.source)] if new else []
    return (
        text(move.name),
        text(move.old or ""),
        text(move.new or ""),
        str(move.bump),
        "direct" if move.place.direct else "transitive",
        text(findings.released.get(move.name, "")),
        text(", ".join(move.place.layers)),
        " ".join(each for each in links if each),
    )


def _sorted(moves: Sequence[Move]) -> list[Move]:
    """Sort by risk, the direct before the transitive."""
    return sorted(moves, key=lambda move: (_ORDER.index(move.bump), not move.place.direct, move.name))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n\n"
