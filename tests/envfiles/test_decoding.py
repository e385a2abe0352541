from __future__ import annotations

import pytest

from bootstrap.envfiles.decoding import decode
from bootstrap.errors import UsageError


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"A=1\r\n", (False, "A=1\r\n")), (b"\xef\xbb\xbfA=1", (True, "A=1")), ("é=☃".encode(), (False, "é=☃"))],
)
def test_utf8_is_read_with_and_without_a_mark(content: bytes, found: tuple[bool, str]) -> None:
    assert decode(content, ".env") == found


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        ("A=1\n".encode("utf-16"), "is UTF-16 (its mark stands at byte offset 0)", 1),
        (b"\xfe\xff\x00A", "is UTF-16 (its mark stands at byte offset 0)", 1),
        ("A=1".encode("utf-32"), "is UTF-32 (its mark stands at byte offset 0)", 1),
        ("A=1\n".encode("utf-16-le"), "is UTF-16 without a mark: a NUL at byte offset 1", 1),
        (b"A=1\nB=x\0y\n", "holds a NUL byte at byte offset 7", 2),
        ("A=1\nB=é\n".encode("latin-1"), "is not UTF-8 (Latin-1 or Windows-1252?) at byte offset 6", 2),
        (b"\xef\xbb\xbfA=\xe9", "is not UTF-8 (Latin-1 or Windows-1252?) at byte offset 5", 1),
    ],
)
def test_other_encodings_are_refused_by_name_and_offset(content: bytes, message: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        decode(content, ".env")
    problem = caught.value.problem
    assert (problem.message, problem.line) == (f".env {message}", line)
    assert (problem.code, problem.hint) == ("unparsable", "save .env as UTF-8")
    assert caught.value.__context__ is None
