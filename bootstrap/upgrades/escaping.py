"""Text from outside in Markdown: it may not mention, link, close, hide or forge anything."""

from __future__ import annotations

import re
import unicodedata

# A mark that no renderer shows, and that keeps "@name", "#1" and "GH-1" from being taken for one.
_JOINER = "\u2060"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<|~!])")
# These mean something where a line begins.
_FIRST = re.compile(r"^(?=[>#+=-])")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~/?=&%+@#:,-]*)?")


def text(raw: str) -> str:
    """Return one line of plain text that means nothing to Markdown, whatever stood in it."""
    escaped = _FIRST.sub(r"\\", _SPECIAL.sub(r"\\\1", _one_line(raw)))
    without = escaped.replace("&", "&amp;").replace("://", f":{_JOINER}//")
    without = re.sub(r"([@#])(?=\w)", rf"\1{_JOINER}", without)
    without = re.sub(r"(?i)\b(www)\.", rf"\1{_JOINER}.", without)
    return re.sub(r"(?i)\b(GH)-(?=\d)", rf"\1{_JOINER}-", without)


def code(raw: str) -> str:
    """Return one line as code, in which nothing is mentioned or linked; in tables too."""
    line = _one_line(raw).replace("|", "\u2502")
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def link(label: str, address: str) -> str:
    """Return a link, where the address is a plain one of the web; else nothing."""
    if not _ADDRESS.fullmatch(address):
        return ""
    return f"[{text(label)}](<{address}>)"


def _one_line(raw: str) -> str:
    plain = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", raw)
    shown = (char if unicodedata.category(char) != "Cc" else " " for char in plain if char not in _BIDI)
    return " ".join("".join(shown).split())
