"""The options of a requirement file, by the table in pip's documentation of the format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from optparse import Option, OptionParser, Values
from typing import NoReturn

from bootstrap.locks.formats import NO_BINARY, ONLY_BINARY, Given

_APPENDED = {
    "requirements": ("-r", "--requirement"),
    "constraints": ("-c", "--constraint"),
    "editables": ("-e", "--editable"),
    "index_urls": ("-i", "--index-url", "--pypi-url", "--extra-index-url"),
    "find_links": ("-f", "--find-links"),
    "trusted_hosts": ("--trusted-host",),
    "hashes": ("--hash",),
    "others": ("--all-releases", "--only-final", "--use-feature"),
    "settings": ("-C", "--config-settings", "--config-setting"),
}
_FLAGS = ("--no-index", "--prefer-binary", "--require-hashes", "--no-require-hashes", "--pre")
_HASH = re.compile(r"sha(?:256|384|512):.+")  # pip takes no weaker one
_HASH_WORD = re.compile(rf"--hash={_HASH.pattern}")


class UnknownOptionError(Exception):
    """pip has no such option in a requirement file, or not with this value."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one line that mean something to this tool; the others are only checked.

    ``formats`` are in their order, as a later one wins over an earlier.
    """

    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    hashes: frozenset[str] = frozenset()
    formats: tuple[Given, ...] = ()


def read_options(words: Sequence[str]) -> Options:
    """Read the options of a line, already split into words; short and long spellings, ``=`` or a space.

    Raises ``UnknownOptionError``. Words that belong to no option are left out, as pip leaves them out.
    """
    if all(map(_HASH_WORD.fullmatch, words)):  # each line of a lock; optparse would take most of its time
        return Options(hashes=frozenset(word.removeprefix("--hash=") for word in words))
    values, _ = _parser().parse_args(list(words), Values())
    found = {name: tuple(getattr(values, name, None) or ()) for name in _APPENDED}
    for value in found["hashes"]:
        if not _HASH.fullmatch(value):
            raise UnknownOptionError(f"--hash wants sha256:…, sha384:… or sha512:…, not {value}")
    return Options(
        found["requirements"],
        found["constraints"],
        found["editables"],
        found["index_urls"],
        found["find_links"],
        found["trusted_hosts"],
        frozenset(found["hashes"]),
        tuple(getattr(values, "formats", ())),
    )


class _Parser(OptionParser):
    """pip reads these lines with optparse, so abbreviations and ``-rfile`` are read alike."""

    def error(self, msg: str) -> NoReturn:
        raise UnknownOptionError(msg)


@cache
def _parser() -> _Parser:
    parser = _Parser(add_help_option=False)
    for name, spellings in _APPENDED.items():
        parser.add_option(*spellings, dest=name, action="append")
    parser.add_option(NO_BINARY, type="string", action="callback", callback=_keep_format)
    parser.add_option(ONLY_BINARY, type="string", action="callback", callback=_keep_format)
    for flag in _FLAGS:
        parser.add_option(flag, action="store_true")
    return parser


def _keep_format(_: Option, name: str, value: str, parser: OptionParser) -> None:
    if value.startswith("-") or parser.values is None:
        raise UnknownOptionError(f"{name} requires 1 argument")
    parser.values.ensure_value("formats", []).append((name, value))
