"""What the source of a project tells: the modules it uses and the variables it reads. Nothing is run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_READERS = frozenset(
    {"config", "env", "environ", "os.environ", "os.getenv", "getenv", "os.environ.get", "environ.get"}
)
_METHODS = re.compile(
    r"(?:env|config)\.(?:str|bool|int|float|list|json|url|db|cache|path|email_url|dj_db_url|db_url|tuple|dict)"
)
_NAME = re.compile(r"[A-Z][A-Z0-9_]*[A-Z0-9]")
# What a system or a tool sets, and no project has to.
_OF_SYSTEMS = frozenset(
    {"CI", "DJANGO_SETTINGS_MODULE", "EDITOR", "HOME", "HOSTNAME", "LANG", "LOGNAME", "PATH", "PWD",
     "PYTHONPATH", "RUN_MAIN", "SHELL", "TEMP", "TERM", "TMP", "TMPDIR", "TZ", "USER", "USERNAME",
     "VIRTUAL_ENV"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that the code reads; ``default`` is the literal for want of it, None where it must be."""

    name: str
    file: str
    line: int
    default: str | None


@dataclass(slots=True)
class Seen:
    """What was found in all files; of a variable that is read twice, the place with a default counts."""

    modules: set[str] = field(default_factory=set)
    variables: dict[str, Variable] = field(default_factory=dict)


def scan(files: Iterable[tuple[str, str]]) -> Seen:
    """Read sources, each a name and a text; one that is no Python of today is passed over."""
    seen = Seen()
    for name, text in files:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        seen.modules |= set(_modules(tree))
        for variable in _variables(tree, name):
            known = seen.variables.get(variable.name)
            if known is None or (known.default is None and variable.default is not None):
                seen.variables[variable.name] = variable
    return seen


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and _is_list_of_modules(node):
            yield from _named(node)


def _is_list_of_modules(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(
        isinstance(target, ast.Name) and target.id.endswith(("INSTALLED_APPS", "MIDDLEWARE", "_APPS"))
        for target in targets
    )


def _named(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value.partition(".")[0]


def _variables(tree: ast.AST, file: str) -> Iterator[Variable]:
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                yield from _called(node, file)
            case ast.Subscript(ctx=ast.Load(), slice=ast.Constant(value=str() as name)) if _is_ours(name):
                if ast.unparse(node.value) in _READERS:
                    yield Variable(name, file, node.lineno, None)


def _called(call: ast.Call, file: str) -> Iterator[Variable]:
    function = ast.unparse(call.func)
    if function in ("Env", "environ.Env", "environ.FileAwareEnv"):
        yield from _scheme(call, file)
    if not call.args or not (function in _READERS or _METHODS.fullmatch(function)):
        return
    first = call.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and _is_ours(first.value):
        yield Variable(first.value, file, call.lineno, _default(call, function))


def _default(call: ast.Call, function: str) -> str | None:
    """Return what the call falls back to as text; empty for what is no plain literal."""
    given = next((word.value for word in call.keywords if word.arg == "default"), None)
    positional = function.endswith((".get", "getenv")) or function.startswith(("env", "config"))
    if given is None and positional and len(call.args) > 1:
        given = call.args[1]
    if given is not None:
        return _literal(given)
    # Without a default, get() gives None where [] fails.
    return "" if function.endswith((".get", "getenv")) else None


def _scheme(call: ast.Call, file: str) -> Iterator[Variable]:
    """Read django-environ's ``Env(DEBUG=(bool, False))``."""
    for word in call.keywords:
        if word.arg and _is_ours(word.arg):
            pair = word.value.elts if isinstance(word.value, ast.Tuple) else []
            yield Variable(word.arg, file, call.lineno, _literal(pair[1]) if len(pair) == 2 else None)  # noqa: PLR2004


def _literal(node: ast.expr) -> str:
    if not isinstance(node, ast.Constant) or node.value is None:
        return ""
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)


def _is_ours(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name not in _OF_SYSTEMS
