"""Where packages come from, by pip's own configuration; all else in it stays outside.

A ``pip.conf`` may say ``target = …``, ``user = true`` or ``require-virtualenv``, and each of them makes pip
install somewhere else than it was told. So the configuration is read here by pip's rules
(https://pip.pypa.io/en/stable/topics/configuration/), the keys that say where and how to fetch are kept, and
every pip, pip-compile and uv that this tool starts gets those and no others.
"""

from __future__ import annotations

import configparser
import locale
import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import UsageError


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
        named = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
        for key, (variables, translate) in _UV_VARIABLES.items():
            value = translate(self.values[key]) if key in self.values else None
            if value is not None:
                named |= dict.fromkeys(variables, value)
        return named

    def uv_options(self) -> list[str]:
        """Return the options of ``uv pip install`` for what uv takes from no variable."""
        options = ["--no-index"] if self.values.get("no-index", "").lower() in _TRUE else []
        kinds = [key for key in ("only-binary", "no-binary") if key in self.values]
        return options + [f"--{key}={self.values[key]}" for key in kinds]


def read(environ: Mapping[str, str], platform: str, home: Path, venv: Path | None = None) -> PipConfiguration:
    """Read pip's configuration files and ``PIP_*`` variables, a later source winning over an earlier one.

    ``venv`` is the environment whose pip would read them: it may have one of its own.

    Whatever ``[install]`` says in any file wins over ``[global]`` in all of them. As in pip, an empty value
    is none, and a file that may not be read is passed over.

    Raises ``UsageError`` naming a file that is no configuration.
    """
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for path in files(environ, platform, home, venv):
        parser = _parsed(path)
        for name in sections.keys() & parser.sections():
            sections[name] |= parser.items(name)
    variables = {_key(name[4:]): value for name, value in environ.items() if name.startswith("PIP_")}
    values: dict[str, str] = {}
    for source in (*sections.values(), variables):
        values |= {key: value for key, value in source.items() if key in _KEPT and value}
    return PipConfiguration(values)


def own_file(venv: Path, platform: str) -> Path:
    """Return where an environment says something to its own pip alone."""
    return venv / ("pip.ini" if platform == "win32" else "pip.conf")


def files(environ: Mapping[str, str], platform: str, home: Path, venv: Path | None = None) -> Iterator[Path]:
    """Name pip's files from the weakest to the strongest; one named by a variable is in the user's place."""
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    of_the_machine, of_the_user = _WHERE.get(platform, _linux)(environ, home)
    yield from of_the_machine
    if not named or not Path(named).exists():
        yield from of_the_user
    if venv is not None:
        yield own_file(venv, platform)
    if named and Path(named).exists():
        yield Path(named)


_Files = tuple[list[Path], list[Path]]


def _windows(environ: Mapping[str, str], home: Path) -> _Files:
    machine = Path(environ.get("PROGRAMDATA", r"C:\ProgramData"))
    roaming = Path(environ.get("APPDATA", home / "AppData" / "Roaming"))
    return [machine / "pip" / "pip.ini"], [home / "pip" / "pip.ini", roaming / "pip" / "pip.ini"]


def _macos(_: Mapping[str, str], home: Path) -> _Files:
    library = home / "Library" / "Application Support" / "pip"
    own = library if library.is_dir() else home / ".config" / "pip"
    return (
        [Path("/Library/Application Support/pip/pip.conf")],
        [home / ".pip" / "pip.conf", own / "pip.conf"],
    )


def _linux(environ: Mapping[str, str], home: Path) -> _Files:
    folders = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    machine = [Path(folder) / "pip" / "pip.conf" for folder in folders.split(":") if folder]
    own = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [*machine, Path("/etc/pip.conf")], [home / ".pip" / "pip.conf", own / "pip" / "pip.conf"]


_WHERE = {"win32": _windows, "darwin": _macos}


class _Parser(configparser.RawConfigParser):
    """Reads keys by the name they have everywhere."""

    def optionxform(self, optionstr: str) -> str:
        return _key(optionstr)


def _parsed(path: Path) -> _Parser:
    parser = _Parser()
    try:
        parser.read_string(_text(path))
    except OSError:
        pass
    except (UnicodeDecodeError, configparser.Error) as error:
        raise UsageError(
            f"pip's configuration file {path} cannot be read ({type(error).__name__})",
            hint="mend it; `pip config debug` shows which files pip reads",
            code="bad-configuration",
            file=str(path),
        ) from None
    return parser


def _text(path: Path) -> str:
    """Read UTF-8, else the system's own encoding, which is what pip takes on Windows."""
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(locale.getencoding())


def _key(name: str) -> str:
    key = name.lower().replace("_", "-").removeprefix("--")
    return {"default-timeout": "timeout"}.get(key, key)


def _words(value: str) -> str:
    return " ".join(value.split())


def _listed(value: str) -> str:
    return ",".join(value.split())


def _whole_seconds(value: str) -> str | None:
    try:
        return str(math.ceil(float(value)))
    except ValueError:
        return None


def _keyring(value: str) -> str | None:
    """Return what uv calls it: it knows no import of the library, and looks nowhere by itself."""
    return {"import": "subprocess", "subprocess": "subprocess", "disabled": "disabled"}.get(value)


_UV_VARIABLES: dict[str, tuple[tuple[str, ...], Callable[[str], str | None]]] = {
    "index-url": (("UV_DEFAULT_INDEX",), _words),
    "extra-index-url": (("UV_INDEX",), _words),
    "find-links": (("UV_FIND_LINKS",), _listed),
    "trusted-host": (("UV_INSECURE_HOST",), _words),
    "cert": (("SSL_CERT_FILE",), str),
    "client-cert": (("SSL_CLIENT_CERT",), str),
    # These win over ALL_PROXY and over the same names in lower case, as pip's proxy does over all of them.
    "proxy": (("HTTP_PROXY", "HTTPS_PROXY"), str),
    "timeout": (("UV_HTTP_TIMEOUT",), _whole_seconds),
    "retries": (("UV_HTTP_RETRIES",), str),
    "keyring-provider": (("UV_KEYRING_PROVIDER",), _keyring),
    # To pip, any value means that there is no cache.
    "no-cache-dir": (("UV_NO_CACHE",), lambda _: "1"),
}
# The rest that says where and how to fetch; uv has its own cache, and for a lock nothing to prefer.
_KEPT = {*_UV_VARIABLES, "no-index", "only-binary", "no-binary", "cache-dir", "prefer-binary"}
_TRUE = ("y", "yes", "t", "true", "on", "1")
