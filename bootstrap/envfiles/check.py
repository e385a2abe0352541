"""Every missing or wrong value at once, before the program starts. No problem holds a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.envfiles.document import Document
from bootstrap.envfiles.placeholders import is_placeholder, is_reference, is_weak
from bootstrap.envfiles.remarks import remarks, undefined_references
from bootstrap.envfiles.scalars import BOOLEANS
from bootstrap.envfiles.schema import Schema, Variable
from bootstrap.envfiles.sources import Found, Sources, sources_of
from bootstrap.envfiles.types import reason
from bootstrap.report import Problem, Severity

# No secret is one of so few values; and nobody would annotate each PORT=8000 to tell.
_NO_SECRET_TYPES = frozenset({"boolean", "enum", "number", "port"})
_SMALL_NUMBER = re.compile(r"[0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is wrong with one variable, before it is known where."""

    code: str
    text: str
    severity: Severity = Severity.ERROR


def check(
    schema: Schema,
    env: Document | None,
    host: Mapping[str, str],
    *,
    env_name: str,
    example_name: str,
    environment: str = "development",
) -> list[Problem]:
    """Return the schema's own problems and those of the values: the env file's first, each by line.

    With ``env=None`` only the host is read. What no line of the env file is to blame for stands at the
    variable's line in the example. In any environment but ``development`` a placeholder and a secret that
    equals the example's are errors.
    """
    sources = sources_of(env, host)
    problems = list(schema.problems)
    for variable in schema.variables:
        found = sources.find(variable.key)
        for finding in _findings(variable, found, strict=environment != "development"):
            problems.append(_problem(variable, found, finding, sources, env_name, example_name))
    if env is not None:
        problems += _strangers(schema, env, env_name) + _duplicates(env, env_name)
        problems += remarks(env) + undefined_references(env, host)
    return sorted(problems, key=lambda problem: (problem.file != env_name, problem.line or 0))


def _findings(variable: Variable, found: Found | None, *, strict: bool) -> list[_Finding]:
    finding = _finding(variable, found, strict=strict)
    findings = [finding] if finding else []
    if variable.deprecated is not None and found is not None and found.value:
        text = f"is deprecated: {variable.deprecated}" if variable.deprecated else "is deprecated"
        findings.append(_Finding("deprecated", text, Severity.WARNING))
    return findings


def _finding(variable: Variable, found: Found | None, *, strict: bool) -> _Finding | None:
    if found is None:
        return _Finding("missing", "is not set") if variable.required else None
    if not found.value.strip():
        return _nothing(found) if variable.required else None
    if is_reference(found.value):
        text = "is a reference to a secret kept elsewhere, and nothing has resolved it"
        return _Finding("secret-reference", text, Severity.WARNING)
    if _unfilled(variable, found.value):
        severe = variable.required or strict
        return _Finding("placeholder", "is a placeholder, not a real value", _severity(error=severe))
    if wrong := reason(variable.type, found.value):
        return _Finding("wrong-type", f"is {wrong}" if wrong.startswith("not ") else f"does not fit: {wrong}")
    if _as_in_the_example(variable, found):
        return _Finding("same-as-example", "has the value of the example", _severity(error=strict))
    if variable.sensitive and is_weak(found.value):
        return _Finding("placeholder", "is a word anybody would try first", Severity.WARNING)
    return None


def _nothing(found: Found) -> _Finding:
    if found.entry:
        return _Finding("empty", "is empty")
    return _Finding("missing", "is set to nothing in the host environment, which wins over any file")


def _unfilled(variable: Variable, value: str) -> bool:
    if variable.type.name == "enum" and reason(variable.type, value) is None:
        return False
    return is_placeholder(value, sensitive=variable.sensitive)


def _as_in_the_example(variable: Variable, found: Found) -> bool:
    if not (variable.required and variable.sensitive) or variable.type.name in _NO_SECRET_TYPES:
        return False
    if found.value.lower() in BOOLEANS or _SMALL_NUMBER.fullmatch(found.value):
        return False
    return variable.default in (found.value, found.entry.value if found.entry else None)


def _problem(
    variable: Variable,
    found: Found | None,
    finding: _Finding,
    sources: Sources,
    env_name: str,
    example_name: str,
) -> Problem:
    entry = found.entry if found else None
    file, line = (env_name, entry.line) if entry else (example_name, variable.line)
    from_host = (found and not entry) or not sources.entries
    place = "the host environment" if from_host else env_name
    where = " in the host environment" if found and not entry and finding.code != "missing" else ""
    hint = f"set {variable.key} in {place}" + (f"; see {variable.docs[0]}" if variable.docs else "")
    return Problem(
        finding.code,
        f"{variable.key}{where} {finding.text}",
        hint,
        file,
        line,
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
