"""``.env.example`` from the names that the code reads and those in ``.env``; never from a value there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from bootstrap.scaffold.adoption.code import Variable

_SECRET = re.compile(r"SECRET|PASSWORD|PASSWD|TOKEN|KEY|PRIVATE|CREDENTIAL|DSN|SALT|AUTH", re.IGNORECASE)
_GENERATED = frozenset({"DJANGO_SECRET_KEY", "SECRET_KEY"})
_PLAIN = re.compile(r"[A-Za-z0-9_./:,@*+-]*")
_USERINFO = re.compile(r"://[^/\s]*@")
_HEAD = """\
# The variables of this project, from the names that its code reads. `bootstrap` makes .env from this file and
# tells what is missing. Say of each what it is for.
# ---
"""


def text(variables: Mapping[str, Variable], in_env: Iterable[str], values: Collection[str]) -> str:
    """Return the file; ``values`` are those of ``.env``, which no default may repeat."""
    parts = [_entry(variable, values) for _, variable in sorted(variables.items())]
    unused = sorted(set(in_env) - variables.keys())
    if unused:
        parts.append("# These stand in .env, and no code was found that reads them.\n# ---\n")
        parts += [f"# @optional\n{name}=\n" for name in unused]
    return "\n".join([_HEAD, *parts])


def _entry(variable: Variable, values: Collection[str]) -> str:
    place = f"# {variable.file}:{variable.line}\n"
    if variable.name in _GENERATED:
        return f"{place}{variable.name}=randomString(50)\n"
    if variable.default is None:
        return f"{place}{variable.name}=\n"
    return f"{place}# @optional\n{variable.name}={_shown(variable, values)}\n"


def _shown(variable: Variable, values: Collection[str]) -> str:
    default = variable.default or ""
    is_secret = _SECRET.search(variable.name) or _USERINFO.search(default) or default in values
    return "" if is_secret or not _PLAIN.fullmatch(default) else default
