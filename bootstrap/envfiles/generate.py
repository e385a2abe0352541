"""New secrets from @env-spec's value functions: ``randomString(50)``, ``randomHex(64)``, ``randomUuid()``."""

from __future__ import annotations

import re
from collections.abc import Callable

from bootstrap.envfiles.patterns import lazily

_HEX_DIGITS = "0123456789abcdef"
# Letters and digits need no quotes in a dotenv file, a shell, YAML or a URL.
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LONGEST = 4096
_CALL = lazily(r"(?P<name>randomString|randomHex|randomUuid)\(\s*(?P<length>[0-9]{0,5})\s*\)")
_CACHED = lazily(r"cache\(\s*(.*?)\s*\)", re.DOTALL)
# The lengths @env-spec gives a call without one (varlock, reference/functions).
_ALPHABETS = {"randomString": (_ALPHABET, 16), "randomHex": (_HEX_DIGITS, 32)}


def generate(default: str) -> str | None:
    """Return a new secret where the whole of ``default`` is a value function understood here, else None.

    The length counts characters and is kept exactly.
    """
    # Loads hashlib and more; whoever only checks generates nothing.
    import secrets

    return _made(default, secrets.choice)


def sample(default: str) -> str | None:
    """Return a value such as `generate` makes, but always the same one."""
    return _made(default, lambda alphabet: alphabet[0])


def _made(default: str, choice: Callable[[str], str]) -> str | None:
    text = default.strip()
    cached = _CACHED.fullmatch(text)
    call = _CALL.fullmatch(cached[1] if cached else text)
    if call is None:
        return None
    if call["name"] == "randomUuid":
        return None if call["length"] else _uuid(choice)
    alphabet, usual = _ALPHABETS[call["name"]]
    length = int(call["length"] or usual)
    if not 1 <= length <= _LONGEST:
        return None
    return "".join(choice(alphabet) for _ in range(length))


def _uuid(choice: Callable[[str], str]) -> str:
    """Return a UUID of version 4 (RFC 9562, 5.4): two digits are given, the others chosen."""
    groups = ["".join(choice(_HEX_DIGITS) for _ in range(count)) for count in (8, 4, 3, 3, 12)]
    return f"{groups[0]}-{groups[1]}-4{groups[2]}-{choice('89ab')}{groups[3]}-{groups[4]}"
