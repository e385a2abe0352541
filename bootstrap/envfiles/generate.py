"""New secrets from @env-spec's value functions: ``randomString(50)``, ``randomHex(64)``, ``randomUuid()``."""

from __future__ import annotations

import re
import secrets
import string
import uuid

# Letters and digits need no quotes in a dotenv file, a shell, YAML or a URL.
_ALPHABET = string.ascii_letters + string.digits
_HEX_DIGITS = "0123456789abcdef"
_LONGEST = 4096
_CALL = re.compile(r"(?P<name>randomString|randomHex|randomUuid)\(\s*(?P<length>[0-9]{0,5})\s*\)")
_CACHED = re.compile(r"cache\(\s*(.*?)\s*\)", re.DOTALL)
# The lengths @env-spec gives a call without one (varlock, reference/functions).
_ALPHABETS = {"randomString": (_ALPHABET, 16), "randomHex": (_HEX_DIGITS, 32)}


def generate(default: str) -> str | None:
    """Return a new secret where the whole of ``default`` is a value function understood here, else None.

    The length counts characters and is kept exactly.
    """
    text = default.strip()
    cached = _CACHED.fullmatch(text)
    call = _CALL.fullmatch(cached[1] if cached else text)
    if call is None:
        return None
    if call["name"] == "randomUuid":
        return None if call["length"] else str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
    alphabet, usual = _ALPHABETS[call["name"]]
    length = int(call["length"] or usual)
    if not 1 <= length <= _LONGEST:
        return None
    return "".join(secrets.choice(alphabet) for _ in range(length))
