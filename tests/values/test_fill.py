from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Completed
from tests.values.conftest import Write

Run = Callable[..., Completed]
EXAMPLE = """\
# The key of the shop
# @docs(https://example.com/keys) @example="sk_test_..."
STRIPE_API_KEY=replace-me

# @public @type=port
PORT=

# @optional
SENTRY_DSN=

SECRET_KEY=randomHex(40)
"""
on_a_terminal = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals to test on"
)


@on_a_terminal
def test_each_unfilled_value_is_asked_for_and_checked(folder: Path, write: Write) -> None:
    from tests.values.terminal import drive

    write({".env.example": EXAMPLE})
    seen = drive(["env", "fill"], ["changeme\n", "sk_S3ntinel it's\n", "http\n", "8000\n"], cwd=folder)
    assert seen.code == 0, seen.text
    assert seen.text.replace("\r\n", "\n") == (
        "  The key of the shop\n"
        "  see https://example.com/keys\n"
        "  for example sk_test_...\n"
        "STRIPE_API_KEY (hidden, Enter to skip): \n"
        "  that is a placeholder, not a real value\n"
        "STRIPE_API_KEY (hidden, Enter to skip): \n"
        "PORT (port, Enter to skip): http\n"
        "  not a port (0-65535)\n"
        "PORT (port, Enter to skip): 8000\n"
        ".env: 2 values written\n"
    )
    text = (folder / ".env").read_text()
    assert 'STRIPE_API_KEY="sk_S3ntinel it\'s"\n' in text
    assert "PORT=8000\n" in text
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600


@on_a_terminal
@pytest.mark.parametrize(
    ("words", "answers", "code", "asked"),
    [
        ([], ["\n", "\n"], 1, ["STRIPE_API_KEY", "PORT"]),
        ([], ["\n", "\x04"], 1, ["STRIPE_API_KEY", "PORT"]),
        (["--all"], ["k_1\n", "1\n", "\n"], 0, ["STRIPE_API_KEY", "PORT", "SENTRY_DSN"]),
        (["PORT"], ["80\n"], 1, ["PORT"]),
        (["PORT", "SECRET_KEY"], ["80\n", "\n"], 1, ["PORT", "SECRET_KEY"]),
    ],
)
def test_what_is_asked(
    folder: Path, write: Write, words: list[str], answers: list[str], code: int, asked: list[str]
) -> None:
    from tests.values.terminal import drive

    write({".env.example": EXAMPLE})
    seen = drive(["env", "fill", *words], answers, cwd=folder)
    questions = [line.split()[0] for line in seen.text.splitlines() if "Enter to skip" in line]
    assert (seen.code, questions) == (code, asked), seen.text


@on_a_terminal
def test_what_the_host_sets_is_not_asked_for(folder: Path, write: Write) -> None:
    from tests.values.terminal import drive

    write({".env.example": EXAMPLE})
    seen = drive(["env", "fill"], [], cwd=folder, env={"PORT": "1", "STRIPE_API_KEY": "k"})
    assert (seen.code, seen.text) == (0, ".env: 0 values written\r\n")


@on_a_terminal
def test_an_interrupted_question_keeps_what_was_answered(folder: Path, write: Write) -> None:
    from tests.values.terminal import drive

    write({".env.example": EXAMPLE})
    seen = drive(["env", "fill"], ["k_1\n", "\x03"], cwd=folder)
    assert seen.code == 130, seen.text
    assert "STRIPE_API_KEY=k_1\n" in (folder / ".env").read_text()


def test_without_a_terminal_nothing_is_asked(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE})
    done = bootstrap("env", "fill", "--json")
    assert (done.code, done.codes) == (1, ["missing", "missing"])
    assert [problem["key"] for problem in done.document["problems"]] == ["STRIPE_API_KEY", "PORT"]
    write({".env": "STRIPE_API_KEY=k\nPORT=1\nSENTRY_DSN=\nSECRET_KEY=x\n"})
    assert bootstrap("env", "fill").code == 0


def test_a_value_on_the_command_line_is_refused_and_not_repeated(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE})
    done = bootstrap("env", "fill", "STRIPE_API_KEY=S3ntinel", "--json")
    assert (done.code, done.codes) == (2, ["value-as-argument"])
    assert "S3ntinel" not in done.out + done.err
    assert bootstrap("env", "fill", "NOPE", "--json").codes == ["unknown-key"]
