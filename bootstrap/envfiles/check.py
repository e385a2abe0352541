"""Every missing or wrong value at once, before the program starts. No problem holds a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bootstrap.envfiles.document import Document
from bootstrap.envfiles.patterns import lazily
from bootstrap.envfiles.placeholders import is_placeholder, is_reference, is_weak
from bootstrap.envfiles.remarks import remarks, undefined_references
from bootstrap.envfiles.scalars import BOOLEANS
from bootstrap.envfiles.schema import Schema, Variable
from bootstrap.envfiles.sources import Found, sources_of
from bootstrap.envfiles.types import reason
from bootstrap.report import Problem, Severity

# No secret is one of so few values; and nobody would annotate each PORT=8000 to tell.
_NO_SECRET_TYPES = frozenset({"boolean", "enum", "number", "port"})
_SMALL_NUMBER = lazily(r"[0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is wrong with one variable, before it is known where."""

    code: str
    text: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class _Names:
    """The files as messages call them; no ``env`` where only the host is read."""

    env: str | None
    example: str


def check(
    schema: Schema,
    env: Document | None,
    host: Mapping[str, str],
    *,
    env_name: str,
    example_name: str,
    environment: str = "development",
    override: bool = False,
) -> list[Problem]:
    """Return the schema's own problems and those of the values: the env file's first, each by line.

    With ``env=None`` only the host is read. What no line of the env file is to blame for stands at the
    variable's line in the example; with ``override`` the file wins over the host. In any environment but
    ``development`` a placeholder and a secret that equals the example's are errors.
    """
    sources = sources_of(env, host, override=override)
    names = _Names(env_name if env else None, example_name)
    problems = list(schema.problems)
    for variable in schema.variables:
        found = sources.find(variable.key)
        findings = _findings(variable, found, strict=environment != "development")
        problems += [_problem(variable, found, finding, names) for finding in findings]
    if env is not None:
        problems += _strangers(schema, env, env_name) + _duplicates(env, env_name)
        problems += remarks(env) + undefined_references(env, host)
    return sorted(problems, key=lambda problem: (problem.file != env_name, problem.line or 0))


def _findings(variable: Variable, found: Found | None, *, strict: bool) -> Iterator[_Finding]:
    if found is None or not found.value.strip():
        if variable.required:
            yield _nothing(found)
        return
    finding = _unfilled(variable, found.value, strict=strict) or _unfit(variable, found, strict=strict)
    if finding:
        yield finding
    if variable.deprecated is not None:
        text = f"is deprecated: {variable.deprecated}" if variable.deprecated else "is deprecated"
        yield _Finding("deprecated", text, Severity.WARNING)


def _nothing(found: Found | None) -> _Finding:
    if found is None:
        return _Finding("missing", "is not set")
    if found.entry:
        return _Finding("empty", "is empty")
    return _Finding("missing", "is set to nothing in the host environment, which wins over any file")


def _unfilled(variable: Variable, value: str, *, strict: bool) -> _Finding | None:
    if is_reference(value):
        text = "is a reference to a secret kept elsewhere, and nothing has resolved it"
        return _Finding("secret-reference", text, Severity.WARNING)
    if variable.type.name == "enum" and reason(variable.type, value) is None:
        return None
    if is_placeholder(value, sensitive=variable.sensitive):
        severity = _severity(error=variable.required or strict)
        return _Finding("placeholder", "is a placeholder, not a real value", severity)
    return None


def _unfit(variable: Variable, found: Found, *, strict: bool) -> _Finding | None:
    if wrong := reason(variable.type, found.value):
        return _Finding("wrong-type", f"is {wrong}" if wrong.startswith("not ") else f"does not fit: {wrong}")
    if _as_in_the_example(variable, found):
        return _Finding("same-as-example", "has the value of the example", _severity(error=strict))
    if variable.sensitive and is_weak(found.value):
        return _Finding("placeholder", "is a word that anybody would try first", Severity.WARNING)
    return None


def is_too_plain(variable: Variable, value: str) -> bool:
    """Tell whether a value is of so few possible ones that it can be no secret."""
    if variable.type.name in _NO_SECRET_TYPES:
        return True
    return value.lower() in BOOLEANS or _SMALL_NUMBER.fullmatch(value) is not None


def _as_in_the_example(variable: Variable, found: Found) -> bool:
    if not (variable.required and variable.sensitive) or is_too_plain(variable, found.value):
        return False
    return variable.default in (found.value, found.entry.value if found.entry else None)


def _problem(variable: Variable, found: Found | None, finding: _Finding, names: _Names) -> Problem:
    entry = found.entry if found else None
    from_host = names.env is None or (found is not None and entry is None)
    place = "the host environment" if from_host else names.env
    return Problem(
        finding.code,
        f"{variable.key} {finding.text}",
        f"set {variable.key} in {place}" + (f"; see {variable.docs[0]}" if variable.docs else ""),
        names.env if entry else names.example,
        entry.line if entry else variable.line,
        variable.key,
        finding.severity,
    )


def _strangers(schema: Schema, env: Document, env_name: str) -> list[Problem]:
    known = {variable.key for variable in schema.variables} | schema.documented
    return [
        Problem(
            "unknown-key",
            f"{entry.key} is not in {schema.name}",
            f"add {entry.key} to {schema.name}, or delete it here",
            env_name,
            entry.line,
            entry.key,
            Severity.WARNING,
        )
        for entry in env.last_entries.values()
        if entry.key not in known
    ]


def _duplicates(env: Document, env_name: str) -> list[Problem]:
    lines: dict[str, list[int]] = {}
    for entry in env.entries:
        lines.setdefault(entry.key, []).append(entry.line)
    return [
        Problem(
            "duplicate-key",
            f"{key} is set on lines {', '.join(map(str, places))}; the last one counts",
            f"delete all but line {places[-1]}",
            env_name,
            places[-1],
            key,
            Severity.WARNING,
        )
        for key, places in lines.items()
        if len(places) > 1
    ]


def _severity(*, error: bool) -> Severity:
    return Severity.ERROR if error else Severity.WARNING
