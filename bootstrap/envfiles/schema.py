"""``.env.example`` as the schema: what each key is, from the comments directly above it.

The decorators are @env-spec's, so that a file annotated for one tool opens in the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.envfiles.annotations import Annotations, Defaults, annotations_of, header_defaults
from bootstrap.envfiles.comments import comments_of, description, required_by_words
from bootstrap.envfiles.document import Document, Entry
from bootstrap.envfiles.generate import sample
from bootstrap.envfiles.kinds import Type
from bootstrap.envfiles.patterns import lazily
from bootstrap.envfiles.placeholders import is_placeholder, is_reference, is_value_function
from bootstrap.envfiles.remarks import remarks
from bootstrap.envfiles.types import reason
from bootstrap.report import Problem, Severity

_SECRET_NAME = lazily(r"SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE|CREDENTIAL|DSN", re.IGNORECASE)
_USERINFO = lazily(r"://[^/\s]*@")


@dataclass(frozen=True, slots=True)
class Variable:
    """One key of the schema; ``line`` is where the example sets it, ``default`` its value there, unexpanded.

    ``description`` are the plain comment lines, ``docs`` the addresses of ``@docs``; ``deprecated`` is
    the message, empty where there is none, and None for a key in use.
    """

    key: str
    line: int
    default: str
    required: bool
    sensitive: bool
    type: Type
    example: str | None
    docs: tuple[str, ...]
    deprecated: str | None
    description: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The variables in the order of the example, the keys it only documents, and what is wrong with it."""

    name: str
    variables: tuple[Variable, ...]
    documented: frozenset[str]
    problems: tuple[Problem, ...]

    @property
    def by_key(self) -> Mapping[str, Variable]:
        """The variables by their keys."""
        return {variable.key: variable for variable in self.variables}


def parse_schema(document: Document) -> Schema:
    """Read the schema; its problems are data, ordered by line.

    Errors are ``bad-decorator``, ``bad-default`` and ``duplicate-key``; what only varlock would use is a
    warning. Of a key that stands twice the last one counts.
    """
    comments = comments_of(document)
    defaults, problems = header_defaults(comments, document.name)
    variables: dict[str, Variable] = {}
    for entry, lines in comments.attached:
        notes, wrong = annotations_of(lines, document.name, entry.key)
        problems += wrong
        if entry.key in variables:
            problems.append(_duplicate(document.name, entry, variables.pop(entry.key)))
        words = description(lines, entry.key)
        variable = _variable(entry, notes, defaults, words)
        problems += _bad_default(variable, document.name)
        variables[entry.key] = variable
    documented = {key for comment in comments.every() if (key := comment.commented_out)} - variables.keys()
    problems += remarks(document)
    problems.sort(key=lambda problem: problem.line or 0)
    return Schema(document.name, tuple(variables.values()), frozenset(documented), tuple(problems))


def _variable(entry: Entry, notes: Annotations, defaults: Defaults, words: tuple[str, ...]) -> Variable:
    required = notes.required
    if required is None:
        required = required_by_words(words)
    if required is None:
        required = bool(entry.value.strip()) if defaults.required is None else defaults.required
    sensitive = notes.sensitive
    if sensitive is None:
        sensitive = defaults.sensitive_for(entry.key) or _may_be_secret(entry)
    return Variable(
        entry.key,
        entry.line,
        entry.value,
        required,
        sensitive,
        notes.type or Type(),
        notes.example,
        notes.docs,
        notes.deprecated,
        words,
    )


def may_be_secret_name(key: str) -> bool:
    """Tell whether a key is called as secrets are."""
    return _SECRET_NAME.search(key) is not None


def _may_be_secret(entry: Entry) -> bool:
    """Tell whether a key is too likely a secret for a header to publish it; only ``@public`` does that."""
    if may_be_secret_name(entry.key):
        return True
    # The values of an address are not known here; an empty default says nothing about them.
    return "_URL" in entry.key.upper() and (not entry.value or _USERINFO.search(entry.value) is not None)


def _bad_default(variable: Variable, name: str) -> list[Problem]:
    value, severity = variable.default, Severity.ERROR
    if is_value_function(value):
        example = sample(value)
        if example is not None:
            found = reason(variable.type, example)
        else:
            severity = Severity.WARNING
            found = "not one of randomString(n), randomHex(n), randomUuid(): it is not generated"
    elif _stands_for_another(variable):
        return []
    else:
        found = reason(variable.type, value)
    if found is None:
        return []
    message = f"the default of {variable.key} is wrong: {found}"
    hint = f"mend the default or the @type of {variable.key} in {name}"
    return [Problem("bad-default", message, hint, name, variable.line, variable.key, severity)]


def _stands_for_another(variable: Variable) -> bool:
    value = variable.default
    if not value.strip() or "${" in value or is_reference(value):
        return True
    return variable.type.name != "enum" and is_placeholder(value, sensitive=variable.sensitive)


def _duplicate(name: str, entry: Entry, earlier: Variable) -> Problem:
    message = f"{entry.key} is set on line {earlier.line} and again on line {entry.line}; the last one counts"
    hint = f"delete one of the two lines in {name}"
    return Problem("duplicate-key", message, hint, name, entry.line, entry.key)
