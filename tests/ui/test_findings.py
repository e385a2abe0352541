from __future__ import annotations

from bootstrap.report import Problem, Severity
from bootstrap.ui import findings

PROBLEMS = [
    Problem("missing", "KEY is not set", "set KEY in .env", ".env.example", 3, "KEY"),
    Problem("wrong-type", "KEY is not a url", "set KEY in .env; see https://x", ".env", 4, "KEY"),
    Problem("x", "mode\x1b[31m 0644", "chmod, now", ".env", None, None, Severity.WARNING),
]


def test_a_line_for_each_and_what_mends_it() -> None:
    assert findings.table(PROBLEMS, ".env", color=False) == [
        "  error  KEY   missing (.env.example line 3)",
        "  error  KEY   line 4: not a url",
        "               fix: see https://x",
        "  warn   .env  mode 0644",
        "               fix: chmod, now",
    ]
    assert findings.count(PROBLEMS) == "2 errors, 1 warning"


def test_github_reads_one_command_a_line() -> None:
    odd = Problem("x", "50%\nmore", None, "a,b:c", 1)
    assert findings.for_github([odd, PROBLEMS[2]]) == (
        "::error file=a%2Cb%3Ac,line=1,title=x::50%25%0Amore\n"
        "::warning file=.env,title=x::mode 0644 (fix: chmod, now)\n"
    )
