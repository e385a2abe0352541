"""The bytes of an env file as text; anything but UTF-8 is refused with its name and byte offset."""

from __future__ import annotations

import codecs

from bootstrap.errors import UsageError

# The UTF-32 marks begin with the UTF-16 ones, so they are asked first.
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(content: bytes, name: str) -> tuple[bool, str]:
    """Return whether a UTF-8 byte order mark leads, and the text without it.

    Raises ``UsageError`` (code ``unparsable``) for UTF-16, UTF-32, NUL bytes and what is not UTF-8.
    """
    for mark, encoding in _FOREIGN_MARKS:
        if content.startswith(mark):
            raise _refusal(name, f"is {encoding} (its mark stands at byte offset 0)", 1)
    nul = content.find(0)
    if nul >= 0:
        found = "is UTF-16 without a mark: a NUL" if _looks_like_utf16(content) else "holds a NUL byte"
        raise _refusal(name, f"{found} at byte offset {nul}", content.count(b"\n", 0, nul) + 1)
    marked = content.startswith(codecs.BOM_UTF8)
    try:
        return marked, content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + (len(codecs.BOM_UTF8) if marked else 0)
    line = content.count(b"\n", 0, offset) + 1
    raise _refusal(name, f"is not UTF-8 (Latin-1 or Windows-1252?) at byte offset {offset}", line)


def _looks_like_utf16(content: bytes) -> bool:
    return content.count(0) * 3 > len(content)  # every other byte, where most letters are ASCII


def _refusal(name: str, found: str, line: int) -> UsageError:
    return UsageError(
        f"{name} {found}",
        hint=f"save {name} as UTF-8",
        code="unparsable",
        file=name,
        line=line,
    )
