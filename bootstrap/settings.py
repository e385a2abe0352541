"""``[tool.bootstrap]``: every key with its type and default, and the ``BOOTSTRAP_*`` variables over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from bootstrap.errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project may say of this tool; every key is optional and none is needed.

    Paths are relative to the project. ``cooldown`` is in days, ``test_timeout`` in minutes. ``test_command``
    is a list of words, never shell text. ``copy`` names files that git ignores and the tests need.
    """

    python: str | None = None
    venv: str = ".venv"
    requirements: str = "requirements"
    layers: tuple[str, ...] = ()
    install: tuple[str, ...] = ()
    installer: str = "auto"
    generate_hashes: bool = True
    cooldown: int | None = None
    gitignore: tuple[str, ...] = ()
    env_file: str = ".env"
    env_example: str = ".env.example"
    install_python: bool = False
    test_command: tuple[str, ...] = ()
    test_timeout: int | None = None
    copy: tuple[str, ...] = ()


FILE = "pyproject.toml"
TABLE = ("tool", "bootstrap")
"""Where in the file the settings stand."""

INSTALLERS = ("auto", "pip", "uv")
_MOST_DAYS = 3650


def settings_from(table: object, environ: Mapping[str, str]) -> Settings:
    """Return the settings of a ``[tool.bootstrap]`` table, with ``BOOTSTRAP_*`` variables over it.

    Raises ``UsageError`` naming the key, what was expected and the nearest key there is; a fault of the table
    stands in ``pyproject.toml``, its line is for the caller to find.
    """
    if not isinstance(table, Mapping):
        raise _wrong("[tool.bootstrap]", "a table", table)
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = _field(key)
        values[name] = _READERS[name](f"[tool.bootstrap] {key}", value)
    for name, reader in _READERS.items():
        variable = f"BOOTSTRAP_{name.upper()}"
        # BOOTSTRAP_PYTHON ranks above .python-version, so it is read where requests are ranked.
        if name != "python" and environ.get(variable):
            values[name] = reader(variable, _from_text(name, variable, environ[variable]))
    return replace(Settings(), **values)


def _field(key: str) -> str:
    name = key.replace("-", "_")
    if "_" in key or name not in _READERS:
        import difflib

        near = difflib.get_close_matches(key.replace("_", "-"), [n.replace("_", "-") for n in _READERS], n=1)
        known = ", ".join(sorted(n.replace("_", "-") for n in _READERS))
        raise UsageError(
            f"[tool.bootstrap] has an unknown key: {key}",
            hint=f"did you mean {near[0]}?" if near else f"the keys are: {known}",
            code="bad-configuration",
            file=FILE,
            key=key,
        )
    return name


def _from_text(name: str, variable: str, text: str) -> object:
    """Turn a variable's text into what the TOML file would hold."""
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        if text.lower() not in _FLAGS:
            raise _wrong(variable, "true or false", text)
        return _FLAGS[text.lower()]
    if name == "test_command":
        import shlex

        try:
            return shlex.split(text)
        except ValueError:
            raise _wrong(variable, "words with their quotes closed", text) from None
    if isinstance(default, tuple):
        return text.replace(",", " ").split()
    return int(text) if name in ("cooldown", "test_timeout") and text.isdecimal() else text


_FLAGS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(where, "a text", value)
    return value


def _inside(where: str, value: object) -> str:
    """Accept a path that stays inside the project."""
    text = _text(where, value)
    # Read as Windows does, where a drive, a root and a backslash lead out of the project as well.
    path = PureWindowsPath(text)
    if path.anchor or ".." in path.parts or not path.parts:
        raise _wrong(where, "a path inside the project", value)
    return PurePosixPath(text).as_posix()


def _flag(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)
    return value


def _days(where: str, value: object) -> int:
    """Accept days as a number or as ``"7 days"``."""
    words = value.split() if isinstance(value, str) else []
    if len(words) == 2 and words[1] in ("day", "days") and words[0].isdecimal():  # noqa: PLR2004 a number and its unit
        days = int(words[0])
    else:
        days = value if isinstance(value, int) and not isinstance(value, bool) else -1
    if not 0 <= days <= _MOST_DAYS:
        raise _wrong(where, f'a number of days up to {_MOST_DAYS}, as in 7 or "7 days"', value)
    return days


def _minutes(where: str, value: object) -> int:
    """Accept minutes as a number or as ``"20 minutes"``."""
    words = value.split() if isinstance(value, str) else []
    if len(words) == 2 and words[1] in ("minute", "minutes") and words[0].isdecimal():  # noqa: PLR2004 a number and its unit
        minutes = int(words[0])
    else:
        minutes = value if isinstance(value, int) and not isinstance(value, bool) else 0
    if minutes < 1:
        raise _wrong(where, 'a number of minutes, as in 20 or "20 minutes"', value)
    return minutes


def _paths(where: str, value: object) -> tuple[str, ...]:
    try:
        return tuple(_inside(where, path) for path in _words(where, value))
    except UsageError:
        raise _wrong(where, "a list of paths inside the project", value) from None


def _words(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise _wrong(where, "a list of texts", value)
    return tuple(value)


def _installer(where: str, value: object) -> str:
    if value not in INSTALLERS:
        raise _wrong(where, f"one of {', '.join(INSTALLERS)}", value)
    return str(value)


_READERS: dict[str, Callable[[str, object], Any]] = {
    "python": _text,
    "venv": _inside,
    "requirements": _inside,
    "layers": _words,
    "install": _words,
    "installer": _installer,
    "generate_hashes": _flag,
    "cooldown": _days,
    "gitignore": _words,
    "env_file": _inside,
    "env_example": _inside,
    "install_python": _flag,
    "test_command": _words,
    "test_timeout": _minutes,
    "copy": _paths,
}


def _wrong(where: str, expected: str, value: object) -> UsageError:
    """Return the error for a value; ``where`` is a variable, or the table and the key in it."""
    table, _, key = where.partition("] ")
    in_file = table.startswith("[")
    return UsageError(
        f"{where} must be {expected}, not {value!r}",
        hint=f"correct it; it must be {expected}",
        code="bad-configuration",
        file=FILE if in_file else None,
        key=(key or None) if in_file else None,
    )
