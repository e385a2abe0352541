from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.pythons import builds, request, version_file
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin, PythonRequest

Described = Callable[..., Interpreter]


def asked(text: str, origin: Origin = Origin.FILE) -> PythonRequest:
    return request.parse(Asked(text, origin, ".python-version" if origin is Origin.FILE else None, 1))


def from_file(content: bytes) -> PythonRequest:
    words = version_file.parse(content, ".python-version")
    return request.choose(request.from_words(words, ".python-version"))


INSTALLED = ["3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0", "3.13.0t", "3.14.0rc1", "pypy3.10-7.3.15"]


# What pyenv and uv make of these files differs; ours takes what either of them understands.
@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        (b"3.12\n", ["3.12.1"]),
        (b"3\n", ["3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0"]),
        (b"python-3.12.1\n", ["3.12.1"]),
        (b"cpython-3.12\n", ["3.12.1"]),
        (b"cpython@3.12\n", ["3.12.1"]),
        (b"3.12.1 3.10.13\n", ["3.12.1"]),
        (b"3.12.1\n3.10.13\n", ["3.12.1"]),
        (b"3.12.1 # lts\n", ["3.12.1"]),
        (b"pypy3.10-7.3.15\n", ["pypy3.10-7.3.15"]),
        (b"pypy3.10-7.3\n", ["pypy3.10-7.3.15"]),
        (b"pypy3.10-7.3.16\n", []),
        (b"pypy3.10\n", ["pypy3.10-7.3.15"]),
        (b"pypy@3.10\n", ["pypy3.10-7.3.15"]),
        (b">=3.11,<3.13\n", ["3.11.7", "3.12.1"]),
        (b"~=3.12.0\n", ["3.12.1"]),
        (b"==3.12.*\n", ["3.12.1"]),
        (b">=3.13\n", ["3.13.0"]),
        (b">=3.14.0rc1\n", ["3.14.0rc1"]),
        (b"v3.12\n", ["3.12.1"]),
        (b"3.12.1/envs/shop\n", ["3.12.1"]),
        (b"\xef\xbb\xbf3.12.1\n", ["3.12.1"]),
        (b"3.12.1\r\n", ["3.12.1"]),
        (b"", ["3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0"]),
        (b"3.13\n", ["3.13.0"]),
        (b"3.13t\n", ["3.13.0t"]),
        (b"3.13.0t\n", ["3.13.0t"]),
        (b"3.14\n", []),
        (b"3.14.0\n", []),
        (b"3.14.0rc1\n", ["3.14.0rc1"]),
        (b"3.14.0rc2\n", []),
        (b"3.12.9\n", []),
        (b"3.1\n3.12\n", None),
    ],
)
def test_what_a_file_accepts(content: bytes, accepted: list[str] | None, described: Described) -> None:
    if accepted is None:
        with pytest.raises(UsageError):
            from_file(content)
        return
    wanted = from_file(content)
    assert [name for name in INSTALLED if wanted.accepts(described(name))] == accepted
    for name in INSTALLED:
        named = builds.read(name)
        assert named is not None
        assert wanted.may_be(named) is (name in accepted)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"myenv\n", "or the version your project needs"),
        (b"3.12.x\n", "write 3.12 into .python-version"),
        (b"3.12.*\n", "write 3.12 into .python-version"),
        (b"'3.12'\n", "write 3.12 into .python-version"),
        (b"312\n", "write 3.12 into .python-version"),
        (b"shop-3.12.1\n", "write 3.12.1 into .python-version"),
        (b"miniconda3-3.12-24.9.2-0\n", "write 3.12 into .python-version"),
        (b"../../../bin\n", "or the version your project needs"),
        (b"/usr/bin/python3.11\n", "write 3.11 into .python-version"),
        (b">=3.11, <3.13\n", "specifiers without blanks"),
        (b">= 3.11\n", "specifiers without blanks"),
        (b"3.8\n", "write 3.9 into .python-version"),
        (b"2\n", "write 3.9 into .python-version"),
        (b"pypy2.7-7.3.15\n", "write 3.9 into .python-version"),
    ],
)
def test_what_cannot_be_served_gets_a_hint(content: bytes, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_file(content)
    problem = caught.value.problem
    assert hint in str(problem.hint)
    assert (problem.file, problem.line) == (".python-version", 1)
    assert problem.message.startswith(".python-version asks for")


def test_the_floor_is_stated() -> None:
    with pytest.raises(UsageError, match=r"Python 3\.8.* 3\.9 and later") as caught:
        asked("3.8")
    assert caught.value.problem.code == "python-unsupported"


@pytest.mark.parametrize(
    ("origin", "hint"),
    [
        (Origin.OPTION, "pass --python 3.12"),
        (Origin.VARIABLE, "set BOOTSTRAP_PYTHON=3.12"),
        (Origin.FILE, "write 3.12 into .python-version"),
        (Origin.SETTING, 'write python = "3.12" under [tool.bootstrap] in pyproject.toml'),
    ],
)
def test_the_hint_is_for_the_place_that_asked(origin: Origin, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked("3.12.x", origin)
    assert caught.value.problem.hint == hint


def test_requires_python_must_be_specifiers() -> None:
    with pytest.raises(UsageError, match=r"requires-python asks for '3\.12', which is no set"):
        asked("3.12", Origin.REQUIRES)
    assert asked(">=3.11, <3.14,", Origin.REQUIRES).specifiers is not None


def test_an_old_lower_bound_takes_no_interpreter_below_the_floor(described: Described) -> None:
    wanted = asked(">=3.6", Origin.REQUIRES)
    assert not wanted.accepts(described("3.8.18"))
    assert wanted.accepts(described("3.9.18"))


@pytest.mark.parametrize(
    ("text", "name", "tip", "accepted"),
    [
        ("3.15-dev", "3.15.0a1", True, True),
        ("3.15-dev", "3.15.0a1", False, False),
        ("3.15-dev", "3.14.0", True, False),
        ("3.12", "3.12.3", True, True),  # Debian and Ubuntu have shipped releases that call themselves 3.9.1+
        ("system", "3.12.3", False, True),
        ("system", "3.8.18", False, False),
    ],
)
def test_tips_of_branches_and_the_system(
    text: str, name: str, *, tip: bool, accepted: bool, described: Described
) -> None:
    assert asked(text).accepts(described(name, tip=tip)) is accepted


@pytest.mark.parametrize(
    ("text", "name", "possible"),
    [
        ("3.15", "3.15-dev", False),
        ("3.15-dev", "3.15-dev", True),
        ("3.15-dev", "3.15.0", False),
        ("3.12.9", "3.12", True),
        ("3.12.9", "3.11", False),
        (">=3.12.5", "3.12", True),
        ("<3.12", "3.12", False),
        ("3.14.0rc1", "3.14", True),
        (">=2", "2.7.18", False),
    ],
)
def test_what_a_name_rules_out(text: str, name: str, *, possible: bool) -> None:
    named = builds.read(name)
    assert named is not None
    assert asked(text).may_be(named) is possible


def test_the_strongest_origin_wins() -> None:
    texts = {
        Origin.REQUIRES: ">=3.9",
        Origin.SETTING: "3.10",
        Origin.FILE: "3.11",
        Origin.VARIABLE: "3.12",
        Origin.OPTION: "3.13",
    }
    given = [Asked(text, origin) for origin, text in texts.items()]
    while given:
        assert request.choose(given).asked == given.pop()
    assert request.choose([]).asked.origin is Origin.DEFAULT
    assert request.choose([Asked(" ", Origin.VARIABLE), Asked("3.11", Origin.FILE)]).asked.text == "3.11"


def test_a_weaker_origin_is_not_even_read() -> None:
    assert request.choose([Asked("nonsense", Origin.FILE), Asked("3.12", Origin.OPTION)]).asked.text == "3.12"


@pytest.mark.parametrize(
    ("asker", "source"),
    [
        (Asked("3.12", Origin.FILE, "../.python-version", 3), "../.python-version, line 3"),
        (Asked("3.12", Origin.OPTION), "--python"),
        (Asked("3.12", Origin.SETTING, "pyproject.toml"), "[tool.bootstrap] python in pyproject.toml"),
    ],
)
def test_source(asker: Asked, source: str) -> None:
    assert asker.source == source


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3.12", "Python 3.12"),
        ("python-3.13.0t", "Python 3.13.0t"),
        ("pypy@3.10", "Python pypy3.10"),
        ("system", "the system's Python"),
        (">=3.11", "a Python that satisfies >=3.11"),
    ],
)
def test_a_request_as_messages_say_it(text: str, said: str) -> None:
    assert str(asked(text)) == said


@given(st.text(max_size=30), st.sampled_from(Origin))
def test_any_text_is_a_request_or_a_usage_error(text: str, origin: Origin) -> None:
    try:
        wanted = asked(text, origin)
    except UsageError:
        return
    assert wanted.system == (text.strip() == "system")
