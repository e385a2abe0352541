from __future__ import annotations

import pytest

from bootstrap.envfiles.diagnosis import swallows_a_key
from bootstrap.envfiles.document import parse
from bootstrap.errors import UsageError
from bootstrap.exit_codes import ExitCode
from bootstrap.report import Problem


def _problem(content: bytes) -> Problem:
    with pytest.raises(UsageError) as caught:
        parse(content, ".env")
    assert caught.value.exit_code is ExitCode.USAGE
    return caught.value.problem


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        (b"A=1\n\n\nfoo bar\nB=2\n", 4, "no value and no ="),
        (b"\r\n\r\nKEY\r\n", 3, "no value and no ="),
        (b"export KEY\n", 1, "no value and no ="),
        (b"1X=1\n", 1, "not a key"),
        (b"A.B=1\n", 1, "not a key"),
        (b"a-b=1\n", 1, "not a key"),
        (b"=1\n", 1, "not a key"),
        (b"cl\xc3\xa9=1\n", 1, "not a key"),
        (b"'A B'=1\n", 1, "not a key"),
        (b"A='it's'\n", 1, "text follows the closing quote"),
        (b"A=1\n<<<<<<< HEAD\nB=1\n=======\nB=2\n>>>>>>> topic\n", 2, "merge conflict"),
        (b"A=1\r\n=======\r\nB=2\r\n", 2, "merge conflict"),
    ],
)
def test_a_bad_line_is_named_by_its_own_number(content: bytes, line: int, found: str) -> None:
    problem = _problem(content)
    assert (problem.code, problem.file, problem.line) == ("unparsable", ".env", line)
    assert found in problem.message
    assert problem.hint


@pytest.mark.parametrize("content", [b"KEY: value\n", b"KEY:value\n", b"export KEY : value\n", b"KEY: a=b\n"])
def test_a_colon_is_taken_for_what_it_was_meant(content: bytes) -> None:
    problem = _problem(content)
    assert (problem.code, problem.hint) == ("unparsable", "did you mean KEY=value?")


@pytest.mark.parametrize(
    ("content", "line", "swallowed"),
    [
        (b'A=ok\nB="x\nC=2\nD="y"\n', 2, "C, D"),
        (b"A='x\nexport LOWER = 2\nlower=3\nB_C='y'\n", 1, "LOWER, B_C"),
        (b'\n\nA="x\nMY_KEY="\n', 3, "MY_KEY"),
        (b'A="x\nB=1\nDEBUG=" # c\n', 1, "B, DEBUG"),
    ],
)
def test_a_lost_quote_is_named_with_what_it_swallows(content: bytes, line: int, swallowed: str) -> None:
    problem = _problem(content)
    assert (problem.code, problem.line) == ("unterminated-quote", line)
    assert problem.message.endswith(f"would swallow {swallowed}")


@pytest.mark.parametrize("content", [b'A="x\n', b"A='", b'A="x\\"\n'])
def test_a_quote_that_never_closes_swallows_nothing_by_name(content: bytes) -> None:
    problem = _problem(content)
    assert problem.code == "unterminated-quote"
    assert "swallow" not in problem.message


def test_the_padded_end_of_a_key_file_is_not_taken_for_a_key() -> None:
    problem = _problem(
        b'PEM="-----BEGIN KEY-----\nQUJDREVGR0hJSktM\nQUJDRA==\n-----END KEY-----\nOTHER="x"\n'
    )
    assert "QUJD" not in problem.message
    assert problem.message.endswith("would swallow OTHER")


@pytest.mark.parametrize(
    ("value", "swallows"),
    [
        ("x\nMY_KEY=", True),
        ("MY_KEY=", False),
        ("x\nQUJDREU=", False),
        ("x\nA=1", False),
        ("x\nlower=", False),
        ("x\n", False),
    ],
)
def test_a_value_ending_in_a_key_opened_another_value(value: str, *, swallows: bool) -> None:
    assert swallows_a_key(value) is swallows
