"""The rule of each type of one value: None where the value fits, else a reason without the value.

A rule is narrower than @env-spec's where a Python program would stumble: ``5.0`` is no whole number, and
``localhost:8000`` is no URL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bootstrap.envfiles.kinds import Type, milliseconds, number_of, pattern_of
from bootstrap.envfiles.patterns import lazily

if TYPE_CHECKING:
    from decimal import Decimal
    from urllib.parse import SplitResult

BOOLEANS = frozenset({"1", "0", "true", "false", "yes", "no", "on", "off", "t", "f", "y", "n"})

_WHOLE = lazily(r"[+-]?[0-9]+")
_PORT = lazily(r"0|[1-9][0-9]{0,4}")
_HIGHEST_PORT = 65535
_SCHEME = lazily(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SCHEMES_WITH_HOST = frozenset({"ftp", "http", "https", "ws", "wss"})
_NOT_IN_A_URL = lazily(r"[\s\x00-\x1f\x7f]")
_EMAIL = lazily(r'[^\s@<>()\[\],;:"\\]+@(?:localhost|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})')
_ISO_DATE = lazily(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[T ][0-9].*)?")
_UUID = lazily(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MD5 = lazily(r"[0-9a-fA-F]{32}")
# semver.org, rules 2, 9 and 10: no leading zeros in numbers, identifiers between dots.
_PRE_RELEASE = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = lazily(
    r"(?:(?:0|[1-9][0-9]*)\.){2}(?:0|[1-9][0-9]*)"
    rf"(?:-{_PRE_RELEASE}(?:\.{_PRE_RELEASE})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
)


def string(kind: Type, value: str) -> str | None:
    """Check the text itself; lengths count characters."""
    starts, ends = kind.text("startsWith"), kind.text("endsWith")
    if starts is not None and not value.startswith(starts):
        return f"does not start with {starts!r}"
    if ends is not None and not value.endswith(ends):
        return f"does not end with {ends!r}"
    return count(kind, len(value), "characters") or _matches(kind, value)


def number(kind: Type, value: str) -> str | None:
    """Check for a decimal number; ``isInt`` and ``precision`` look at how it is written."""
    found = number_of(value)
    if kind.flag("isInt") and not _WHOLE.fullmatch(value):
        return "not a whole number"
    if found is None:
        return "not a number"
    divisor, places = kind.number("isDivisibleBy"), kind.number("precision")
    if divisor and _remainder(found, divisor):
        return f"not divisible by {divisor}"
    if places is not None and -int(found.as_tuple().exponent) > places:
        return f"more than {places} decimal places"
    return _range(kind, found)


def boolean(_: Type, value: str) -> str | None:
    """Check for a word of either truth: django-environ reads ``ture`` as False, silently."""
    return (
        None if value.lower() in BOOLEANS else "not a boolean (true or false, yes or no, on or off, 1 or 0)"
    )


def url(kind: Type, value: str) -> str | None:
    """Check for ``scheme://``; a host is asked of web schemes alone: ``sqlite:///db`` has none."""
    if _NOT_IN_A_URL.search(value):
        return "not a url (white space or a control character in it)"
    if not _SCHEME.match(value):
        if not kind.flag("prependHttps"):
            return "not a url (no scheme)"
        value = f"https://{value}"
    parts = _split(value)
    if parts is None:
        return "not a url (the host or the port is wrong)"
    if parts.scheme in _SCHEMES_WITH_HOST and not parts.hostname:
        return "not a url (no host)"
    return _allowed(kind, parts) or _matches(kind, value)


def enum(kind: Type, value: str) -> str | None:
    """Check for one of the members, in their case."""
    return None if value in kind.members else f"not one of {', '.join(kind.members)}"


def email(_: Type, value: str) -> str | None:
    """Check for one address, without a display name."""
    return None if _EMAIL.fullmatch(value) else "not an email address"


def port(kind: Type, value: str) -> str | None:
    """Check for a port number without leading zeros."""
    low, high = kind.number("min") or 0, kind.number("max") or _HIGHEST_PORT
    fits = _PORT.fullmatch(value) and low <= int(value) <= min(high, _HIGHEST_PORT)
    return None if fits else f"not a port ({low}-{high})"


def ip(kind: Type, value: str) -> str | None:
    """Check for an address of version 4, 6 or either."""
    import ipaddress

    version = kind.text("version")
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        return "not an ip address"
    return None if version in (None, str(found.version)) else f"not an ip address of version {version}"


def semver(_: Type, value: str) -> str | None:
    """Check for three numbers, with a pre-release and a build where wanted."""
    return None if _SEMVER.fullmatch(value) else "not a semantic version"


def iso_date(_: Type, value: str) -> str | None:
    """Check for a date of the calendar, with a time where wanted."""
    from datetime import datetime

    try:
        fits = _ISO_DATE.fullmatch(value) and datetime.fromisoformat(value)
    except ValueError:
        fits = None
    return None if fits else "not an ISO 8601 date"


def uuid(_: Type, value: str) -> str | None:
    """Check for a uuid of any version, in the form with hyphens."""
    return None if _UUID.fullmatch(value) else "not a uuid"


def md5(_: Type, value: str) -> str | None:
    """Check for thirty-two hexadecimal digits."""
    return None if _MD5.fullmatch(value) else "not an md5 hash"


def duration(kind: Type, value: str) -> str | None:
    """Check for a number with a unit; a bare one counts milliseconds."""
    found = milliseconds(value)
    if found is None:
        return "not a duration (30s, 5m, 2h, 1day)"
    low, high = kind.text("min"), kind.text("max")
    if low is not None and found < (milliseconds(low) or 0):
        return f"shorter than {low}"
    if high is not None and found > (milliseconds(high) or 0):
        return f"longer than {high}"
    return None


def path(_: Type, value: str) -> str | None:
    """Check for what a file may be called; whether it exists is not asked."""
    return (
        "not a path (a line break or a control character in it)" if re.search(r"[\x00-\x1f]", value) else None
    )


def count(kind: Type, found: int, what: str, prefix: str = "") -> str | None:
    """Return why a number of things is outside of ``minLength``, ``maxLength`` and ``isLength``."""
    least, most, exact = (kind.number(prefix + name) for name in _lengths(prefix))
    if exact is not None and found != exact:
        return f"not exactly {exact} {what}"
    if least is not None and found < least:
        return f"fewer than {least} {what}"
    if most is not None and found > most:
        return f"more than {most} {what}"
    return None


def _lengths(prefix: str) -> tuple[str, str, str]:
    return ("MinLength", "MaxLength", "IsLength") if prefix else ("minLength", "maxLength", "isLength")


def _range(kind: Type, found: Decimal) -> str | None:
    low, high = kind.number("min"), kind.number("max")
    if low is not None and found < low:
        return f"less than {low}"
    if high is not None and found > high:
        return f"more than {high}"
    return None


def _remainder(found: Decimal, divisor: Decimal | int) -> bool:
    numerator, denominator = found.as_integer_ratio()
    by, of = divisor.as_integer_ratio()
    return numerator * of % (denominator * by) != 0


def _matches(kind: Type, value: str) -> str | None:
    wanted = kind.text("matches")
    if wanted is None or pattern_of(wanted).search(value):
        return None
    return f"does not match {wanted}"


def _split(value: str) -> SplitResult | None:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value)
        _ = parts.port  # checked when it is asked for
    except ValueError:
        return None
    return parts


def _allowed(kind: Type, parts: SplitResult) -> str | None:
    domains = kind.text("allowedDomains")
    if domains is not None and (parts.hostname or "") not in domains.lower().split(","):
        return f"not on one of the allowed domains: {domains}"
    if kind.flag("noTrailingSlash") and parts.path != "/" and parts.path.endswith("/"):
        return "ends with a slash"
    return None
