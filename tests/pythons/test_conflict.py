from __future__ import annotations

from collections.abc import Callable

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.pythons import conflict, request
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin

Described = Callable[..., Interpreter]


def requires(text: str) -> Asked:
    return Asked(text, Origin.REQUIRES, "pyproject.toml", 7)


def wanted(text: str, origin: Origin = Origin.FILE) -> request.PythonRequest:
    return request.parse(Asked(text, origin, ".python-version" if origin is Origin.FILE else None, 2))


@pytest.mark.parametrize(
    ("text", "specifiers"),
    [
        ("3.12", ">=3.12.5"),
        ("3", "<3.12"),
        ("3.12.1", ">=3.12"),
        ("system", ">=3.13"),
        (">=3.9", ">=3.13"),
        ("3.14.0rc1", ">=3.13"),
    ],
)
def test_what_may_agree_is_not_refused(text: str, specifiers: str) -> None:
    conflict.check(wanted(text), requires(specifiers))


@pytest.mark.parametrize(
    ("text", "specifiers", "hint"),
    [
        ("3.11", ">=3.12", "write 3.12 into .python-version"),
        ("3.12.1", ">=3.12.5", "write 3.13 into .python-version"),
        ("3.13", ">=3.10,<3.13", "write 3.10 into .python-version"),
        ("3.11", "==3.12.4", "widen requires-python in pyproject.toml"),
    ],
)
def test_a_contradiction_names_both_places(text: str, specifiers: str, hint: str) -> None:
    with pytest.raises(BootstrapError) as caught:
        conflict.check(wanted(text), requires(specifiers))
    problem = caught.value.problem
    assert problem.code == "python-conflict"
    assert problem.message.startswith(f".python-version, line 2 asks for Python {text}, but ")
    assert problem.message.endswith(f"requires-python in pyproject.toml is {specifiers}")
    assert (problem.file, problem.line, problem.hint) == (".python-version", 2, hint)


def test_the_interpreter_decides_what_the_request_left_open(described: Described) -> None:
    asked = wanted("3.12", Origin.OPTION)
    conflict.check(asked, requires(">=3.12.5"), described("3.12.9"))
    with pytest.raises(
        BootstrapError, match=r"--python asks for Python 3\.12, which is 3\.12\.1 here, but"
    ) as caught:
        conflict.check(asked, requires(">=3.12.5"), described("3.12.1"))
    assert (caught.value.problem.file, caught.value.problem.line) == ("pyproject.toml", 7)


def test_nothing_contradicts_itself_or_what_is_absent(described: Described) -> None:
    conflict.check(wanted("3.12"), None, described("3.12.1"))
    conflict.check(request.parse(requires(">=3.13")), requires(">=3.13"))
