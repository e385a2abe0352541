"""Where packages come from, by pip's own configuration; all else in it stays outside.

A ``pip.conf`` may say ``target = …``, ``user = true`` or ``require-virtualenv``, and each of them makes pip
install somewhere else than it was told. So the configuration is read here by pip's rules
(https://pip.pypa.io/en/stable/topics/configuration/), the keys that say where and how to fetch are kept, and
every pip, pip-compile and uv that this tool starts gets those and no others.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import UsageError

# How a key of pip's configuration is called by uv; None where uv has no such setting.
_KEPT: dict[str, str | None] = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "cache-dir": None,
    "no-cache-dir": None,
    "default-timeout": "UV_HTTP_TIMEOUT",
    "only-binary": None,
    "no-binary": None,
    "prefer-binary": None,
}
_COMMA_SEPARATED = ("UV_FIND_LINKS",)


@dataclass(frozen=True, slots=True, repr=False)
class PipConfiguration:
    """The kept keys and their values; addresses may hold credentials, so there is no repr of them."""

    values: Mapping[str, str]

    def for_pip(self) -> dict[str, str]:
        """Return the variables that make pip use these values and read no file of its own."""
        named = {f"PIP_{key.upper().replace('-', '_')}": value for key, value in self.values.items()}
        return {"PIP_CONFIG_FILE": os.devnull, **named}

    def for_uv(self) -> dict[str, str]:
        """Return the variables that make uv ask the same indexes, and take the best match as pip does."""
        named = {}
        for key, value in self.values.items():
            variable = _KEPT[key]
            if variable is not None and value:
                separator = "," if variable in _COMMA_SEPARATED else " "
                named[variable] = separator.join(value.split())
        return {"UV_INDEX_STRATEGY": "unsafe-best-match", **named}


def read(environ: Mapping[str, str], platform: str, home: Path) -> PipConfiguration:
    """Read pip's configuration files and ``PIP_*`` variables, a later source winning over an earlier one.

    Raises ``UsageError`` naming the file that cannot be read.
    """
    values: dict[str, str] = {}
    for path in _files(environ, platform, home):
        values |= _kept_of(path)
    for key in _KEPT:
        variable = environ.get(f"PIP_{key.upper().replace('-', '_')}")
        if variable:
            values[key] = variable
    return PipConfiguration(values)


def _files(environ: Mapping[str, str], platform: str, home: Path) -> Iterator[Path]:
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    if platform == "win32":
        yield Path(environ.get("PROGRAMDATA", r"C:\ProgramData")) / "pip" / "pip.ini"
        yield home / "pip" / "pip.ini"
        yield Path(environ.get("APPDATA", home / "AppData" / "Roaming")) / "pip" / "pip.ini"
    else:
        yield from _posix_files(environ, platform, home)
    if named:
        yield Path(named)


def _posix_files(environ: Mapping[str, str], platform: str, home: Path) -> Iterator[Path]:
    if platform == "darwin":
        yield Path("/Library/Application Support/pip/pip.conf")
    else:
        folders = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        yield from (Path(folder) / "pip" / "pip.conf" for folder in folders.split(":") if folder)
        yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    library = home / "Library" / "Application Support" / "pip"
    if platform == "darwin" and library.is_dir():
        yield library / "pip.conf"
    else:
        yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"


def _kept_of(path: Path) -> dict[str, str]:
    """Return the kept keys of one file; ``[install]`` wins over ``[global]``."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise UsageError(
            f"pip's configuration file {path} cannot be read ({type(error).__name__})",
            hint="mend it; `pip config debug` shows which files pip reads",
            code="bad-configuration",
            file=str(path),
        ) from None
    merged: dict[str, str] = {}
    for section in ("global", "install"):
        if parser.has_section(section):
            merged |= {key.replace("_", "-"): value for key, value in parser.items(section) if value}
    return {key: value for key, value in merged.items() if key in _KEPT}
