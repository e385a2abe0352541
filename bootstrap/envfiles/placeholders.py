"""Values that stand for a value still to come: placeholders, value functions, references to a vault."""

from __future__ import annotations

import re

from bootstrap.envfiles.patterns import lazily

# Whole values, as 53 example files of 23 projects write them; "my-app" is a fine public value, so the
# possessives count for secrets alone.
_PLACEHOLDER = lazily(
    r"""
      (.*[-_\ ])? (change|replace)[-_\ ]?(me|this|it) ([-_\ !.].*)? \d* (_+)?
    | (.*[-_\ ])? replace[-_\ ]?with ([-_\ ].*)?
    | .*[-_\ ]here
    | <[^<>]+>
    | x{3,} | \*{3,} | \.{3}
    | todo | tbd | fixme | placeholder | dummy
    | (insert|enter|please|fixme)[-_\ ].*
    | get[-_\ ]?(a|the)[-_\ ].*
    | generate[-_\ ]?.*
    | SomeRandomString.*
    | .*[-_.]\.\.
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_POSSESSIVE = lazily(r"(your|my)[-_ ].*", re.IGNORECASE | re.DOTALL)
_VALUE_FUNCTION = lazily(r"(cache\s*\(\s*)?random(Hex|String|Uuid|Num)\s*\(.*\)", re.IGNORECASE | re.DOTALL)
_REFERENCE = lazily(
    r"(\{\{\s*)?(op|vault|awssm|awsssm|gcpsm|azurekv|bws|doppler|infisical)://\S.*|vault:\S+", re.DOTALL
)
_QUOTED = lazily(r"""(["'])(.*)\1""", re.DOTALL)
_WEAK = frozenset({"null", "none", "secret", "password", "example.com"})


def is_value_function(value: str) -> bool:
    """Tell whether the whole value is a call such as ``randomHex(64)``, with or without ``cache(...)``."""
    return _VALUE_FUNCTION.fullmatch(value.strip()) is not None


def is_placeholder(value: str, *, sensitive: bool = True) -> bool:
    """Tell whether the whole value is a placeholder or a value function that nobody replaced."""
    bare = _bare(value)
    if sensitive and _POSSESSIVE.fullmatch(bare):
        return True
    return _PLACEHOLDER.fullmatch(bare) is not None or is_value_function(bare)


def is_weak(value: str) -> bool:
    """Tell whether the value is a word that some programs mean (Laravel's ``null``), yet poor as a secret."""
    return _bare(value).lower() in _WEAK


def is_reference(value: str) -> bool:
    """Tell whether the value names a secret kept elsewhere (``op://vault/item/field``)."""
    return _REFERENCE.fullmatch(_bare(value)) is not None


def _bare(value: str) -> str:
    """Return the value without the quotes that ``docker run --env-file`` leaves around it."""
    quoted = _QUOTED.fullmatch(value.strip())
    return (quoted[2] if quoted else value).strip()
