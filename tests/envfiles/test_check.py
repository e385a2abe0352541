from __future__ import annotations

import pytest

from bootstrap.envfiles.check import check
from bootstrap.envfiles.document import parse
from bootstrap.envfiles.schema import parse_schema
from bootstrap.report import Problem, Severity


def _check(
    example: str,
    env: str | None,
    host: dict[str, str] | None = None,
    environment: str = "development",
) -> list[Problem]:
    return check(
        parse_schema(parse(example.encode(), ".env.example")),
        None if env is None else parse(env.encode(), ".env"),
        host or {},
        env_name=".env",
        example_name=".env.example",
        environment=environment,
    )


def _short(problems: list[Problem]) -> list[str]:
    return [f"{p.severity[0]} {p.code} {p.file}:{p.line} {p.key}" for p in problems]


@pytest.mark.parametrize(
    ("example", "env", "found"),
    [
        ("A=\n", "A=x1\n", []),
        ("A=\n", "", ["e missing .env.example:1 A"]),
        ("\nA=\n", "B=\n", ["w unknown-key .env:1 B", "e missing .env.example:2 A"]),
        ("A=\n", "\n\nA=\n", ["e empty .env:3 A"]),
        ("A=\n", "A='  '\n", ["e empty .env:1 A"]),
        ("A=\n", "A=${NONE}\n", ["e empty .env:1 A", "w undefined-reference .env:1 A"]),
        ("A=\n", "A=changeme\n", ["e placeholder .env:1 A"]),
        ("A=randomHex(64)\n", "A=randomHex(64)\n", ["e placeholder .env:1 A"]),
        ("A=\n", "A=null\n", ["w placeholder .env:1 A"]),
        ("# @public\nA=\n", "A=null\n", []),
        ("# @public\nA=\n", "A=my-app\n", []),
        ("A=\n", "A=my-app\n", ["e placeholder .env:1 A"]),
        ("A=\n", "A={{ op://vault/a/b }}\n", ["w secret-reference .env:1 A"]),
        ("# @type=port\nA=\n", "A=x\n", ["e wrong-type .env:1 A"]),
        ("# @type=boolean\nA=\n", "A=ture\n", ["e wrong-type .env:1 A"]),
        ("# @type=port\nA=\n", "B=80\nA=${B}\n", ["w unknown-key .env:1 B"]),
        ("# @type=enum(todo, done)\nA=done\n", "A=todo\n", []),
        ("A=abcdef\n", "A=abcdef\n", ["w same-as-example .env:1 A"]),
        ("# @public\nA=abcdef\n", "A=abcdef\n", []),
        ("# @optional\nA=abcdef\n", "A=abcdef\n", []),
        ("A=true\nB=8000\n# @type=enum(x, y)\nC=x\n", "A=true\nB=8000\nC=x\n", []),
        ("# @optional\nA=\n", "A=\n", []),
        ("# @optional\nA=\n", "", []),
        ("# @optional\nA=\n", "A=changeme\n", ["w placeholder .env:1 A"]),
        ("# @optional @type=port\nA=\n", "A=x\n", ["e wrong-type .env:1 A"]),
        ("# A=1\n", "A=2\n", []),
        ("# A=1\n", "", []),
        ("A=\n", "A=x1\nA=x2\n", ["w duplicate-key .env:2 A"]),
        ("A=\n", "A=x1\nA=\n", ["w duplicate-key .env:2 A", "e empty .env:2 A"]),
        ("# @deprecated\nA=\n", "A=x1\n", ["w deprecated .env:1 A"]),
        ("# @optional @deprecated\nA=\n", "A=\n", []),
        ("A=\n", "\ufeffA=x1\n", ["w byte-order-mark .env:1 None"]),
        ("# @optional\nA=\n", "A= # why\n", ["w comment-as-value .env:1 A"]),
        ("A=\n", "A=${NONE:-x1}${_:-$}\n", []),
        ("# @requred\nA=\n", "A=x1\n", ["e bad-decorator .env.example:1 A"]),
    ],
)
def test_a_file_on_a_laptop(example: str, env: str, found: list[str]) -> None:
    assert sorted(_short(_check(example, env))) == sorted(found)


@pytest.mark.parametrize(
    ("example", "env", "host", "found"),
    [
        ("A=\n", "A=\n", {"A": "x1"}, []),
        ("A=\n", "A=x1\n", {"A": ""}, ["e missing .env.example:1 A"]),
        ("A=\n", "A=x1\n", {"A": " "}, ["e missing .env.example:1 A"]),
        ("# @type=port\nA=\n", "A=80\n", {"A": "x"}, ["e wrong-type .env.example:2 A"]),
        ("# @type=port\nA=\n", "A=${B}\n", {"B": "x"}, ["e wrong-type .env:1 A"]),
        ("A=\n", None, {"A": "x1", "OTHER": "x"}, []),
        ("A=\n", None, {}, ["e missing .env.example:1 A"]),
        ("A=\n", None, {"A": "changeme"}, ["e placeholder .env.example:1 A"]),
        ("# @optional\nA=\n", None, {"A": ""}, []),
    ],
)
def test_the_host_wins(example: str, env: str | None, host: dict[str, str], found: list[str]) -> None:
    assert _short(_check(example, env, host)) == found


@pytest.mark.parametrize(
    ("example", "value", "code"),
    [
        ("A=abcdef\n", "abcdef", "same-as-example"),
        ("# @optional\nA=\n", "changeme", "placeholder"),
        ("A=\n", "changeme", "placeholder"),
    ],
)
@pytest.mark.parametrize("environment", ["staging", "production"])
def test_elsewhere_than_on_a_laptop_it_is_an_error(
    example: str, value: str, code: str, environment: str
) -> None:
    for problems in (
        _check(example, f"A={value}\n", environment=environment),
        _check(example, None, {"A": value}, environment=environment),
    ):
        assert [problem.code for problem in problems if problem.severity is Severity.ERROR] == [code]


def test_the_example_expanded_is_still_the_example() -> None:
    problems = _check("A=pg://${H:-db}/x\n", "A=pg://${H:-db}/x\n")
    assert _short(problems) == ["w same-as-example .env:1 A"]


def test_all_at_once_the_env_file_first_each_by_line() -> None:
    problems = _check("M=\nA=\n# @type=port\nB=\nC=\nD=\n", "X=1\nC=\nB=x\nA=changeme\nX=2\n")
    assert _short(problems) == [
        "e empty .env:2 C",
        "e wrong-type .env:3 B",
        "e placeholder .env:4 A",
        "w unknown-key .env:5 X",
        "w duplicate-key .env:5 X",
        "e missing .env.example:1 M",
        "e missing .env.example:6 D",
    ]


def test_messages_say_what_to_do_and_where() -> None:
    (missing,) = _check("# @docs(https://a.example)\nA=\n", "# nothing\n")
    assert (missing.message, missing.hint) == ("A is not set", "set A in .env; see https://a.example")
    (empty,) = _check("A=\n", "A=x1\n", {"A": ""})
    assert "host environment" in empty.message
    assert empty.hint == "set A in the host environment"
    (wrong,) = _check("# @type=url\nA=\n", "A=localhost\n")
    assert wrong.message == "A is not a url (no scheme)"


def test_warnings_alone_leave_no_errors() -> None:
    problems = _check("A=abcdef\n", "A=abcdef\nB=1\n")
    assert {problem.severity for problem in problems} == {Severity.WARNING}
