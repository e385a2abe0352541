from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.envfiles.decorators import (
    Call,
    DecoratorError,
    Value,
    is_decorator_line,
    is_foreign,
    read_line,
    suggestion,
)


def _call(name: str, *positional: Value, **keywords: Value) -> Call:
    return Call(name, positional, tuple(keywords.items()))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("# @required", [("required", "true")]),
        ("  #@required", [("required", "true")]),
        ("# @required=false @public", [("required", "false"), ("public", "true")]),
        ("# @type=url # why, and no @public", [("type", "url")]),
        ("# @required and some words @public", [("required", "true"), ("public", "true")]),
        ('# @example="sk_test # ..."', [("example", "sk_test # ...")]),
        (r'# @example="a \"b\" c"', [("example", 'a "b" c')]),
        ("# @example='x y' @public", [("example", "x y"), ("public", "true")]),
        ("# @example=sk_test_...", [("example", "sk_test_...")]),
        ("# @example=/usr/local/bin", [("example", "/usr/local/bin")]),
        ("# @docs(https://a.example/b#c)", [("docs", _call("docs", "https://a.example/b#c"))]),
        ('# @docs("a text", https://a.example)', [("docs", _call("docs", "a text", "https://a.example"))]),
        ("# @type=enum( a, b c ,d, )", [("type", _call("enum", "a", "b c", "d"))]),
        ("# @type=enum()", [("type", _call("enum"))]),
        ("# @type=string(minLength=3)", [("type", _call("string", minLength="3"))]),
        ("# @type=string(matches=/^[a-z, ]+$/i)", [("type", _call("string", matches="/^[a-z, ]+$/i"))]),
        ("# @type=url(allowedDomains=[a, b])", [("type", _call("url", allowedDomains=_call("[", "a", "b")))]),
        (
            '# @type=array(enum(a, b), separator=";")',
            [("type", _call("array", _call("enum", "a", "b"), separator=";"))],
        ),
    ],
)
def test_a_decorator_line_as_data(line: str, found: list[tuple[str, Value]]) -> None:
    assert is_decorator_line(line)
    decorators = read_line(line, 7)
    assert [(decorator.name, decorator.value) for decorator in decorators] == found
    assert {decorator.line for decorator in decorators} == {7}


@pytest.mark.parametrize("line", ["# needs @required", "#", "# @ home", "# a@b.example", "A=1 # @required"])
def test_a_decorator_within_a_comment_is_only_text(line: str) -> None:
    assert not is_decorator_line(line)


@pytest.mark.parametrize(
    "line",
    ["# @type=enum(a", "# @type=", '# @type="x', "# @type=enum(a b(", "# @type=array([a)", "# @docs(,)"],
)
def test_an_open_bracket_or_quote_is_an_error(line: str) -> None:
    with pytest.raises(DecoratorError):
        read_line(line, 1)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("requred", "did you mean @required?"),
        ("optinal", "did you mean @optional?"),
        ("required,", "did you mean @required?"),
        ("defaultRequire", "did you mean @defaultRequired?"),
    ],
)
def test_an_unknown_decorator_gets_a_suggestion(wrong: str, hint: str) -> None:
    assert suggestion(wrong) == hint


def test_without_a_near_one_all_are_listed() -> None:
    assert "@required" in suggestion("zzz")


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("icon", True),
        ("import", True),
        ("generatePythonEnv", True),
        ("initOp", True),
        ("required", False),
        ("gen", False),
    ],
)
def test_decorators_of_varlock_alone_are_known_by_name(name: str, *, foreign: bool) -> None:
    assert is_foreign(name) is foreign


@settings(deadline=None)
@given(st.text("@ab=()[]{},\"'/# \\", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_line(f"# @{text}", 1)
    except DecoratorError:
        return
