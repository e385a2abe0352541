from __future__ import annotations

import pytest

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.names import dangerous, dangerous_keys, is_dangerous
from bootstrap.report import Severity


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("PATH", True),
        ("Path", True),
        ("LD_PRELOAD", True),
        ("DYLD_INSERT_LIBRARIES", True),
        ("PYTHONPATH", True),
        ("GIT_SSH_COMMAND", True),
        ("NODE_OPTIONS", True),
        ("BASH_ENV", True),
        ("APP_PATH", False),
        ("OLD_KEY", False),
        ("PYTHONUNBUFFERED", False),
        ("DATABASE_URL", False),
    ],
)
def test_names_that_decide_which_code_runs(key: str, *, expected: bool) -> None:
    assert is_dangerous(key) is expected


def test_only_a_value_is_dangerous_and_only_where_nobody_took_it() -> None:
    example = parse(b"A=1\nLD_PRELOAD=/x.so\nPYTHONPATH=\nNODE_OPTIONS=-r x\n", ".env.example")
    assert dangerous_keys(example) == {"LD_PRELOAD", "NODE_OPTIONS"}
    found = dangerous(example, parse(b"NODE_OPTIONS=y\n", ".env"))
    assert [(problem.key, problem.severity) for problem in found] == [
        ("LD_PRELOAD", Severity.ERROR),
        ("NODE_OPTIONS", Severity.WARNING),
    ]
