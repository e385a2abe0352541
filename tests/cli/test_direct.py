"""What is read without typer is read as typer reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bootstrap.cli import direct, values
from bootstrap.cli import main as command_line
from bootstrap.cli.session import Session
from bootstrap.setup.options import Options

PLAIN = [
    "setup",
    "setup --layer dev --layer base --check --json --python 3.12 -C shop",
    "setup --dry-run --locked --rebuild --install-python --offline -q -v",
    "setup --skip venv --skip=env --installer uv --color=never --project=a",
    "lock",
    "lock --upgrade -P django<6 --upgrade-package=celery dev base",
    "lock --check --dry-run --python=3.13 -v -v -C shop",
    "lock -q -- dev",
    "env check",
    "env check -q -v -v --json",
    "env check --source host --environment production --file x.env --override --fix-mode",
    "env check --source=file --environment=a=b --format github -C shop --color never",
    "env check --format=json --project=shop --color=always --environment=",
    "env check --source host --source both -C a -C b",
    "run x",
    "run -- x --json",
    "run -q --source host -C shop -- x -- y",
    "run --override x -q",
    "run --environment=staging --file a --json -- -x",
]
UNUSUAL = [
    "env check -h",
    "env check --source nowhere",
    "env check --source",
    "env check x",
    "env check -qv",
    "env check --fix",
    "env check --json=1",
    "env check -Cshop",
    "run",
    "run --help x",
    "run --fix-mode x",
    "setup dev",
    "setup --skip nothing",
    "setup --installer=poetry",
    "setup --layer",
    "setup --hlep",
    "lock dev --check",
    "lock -Pdjango",
    "lock --help",
    "upgrade",
    "env",
]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Record what the commands are asked, in place of doing it."""
    seen: list[tuple[Any, ...]] = []

    def check(session: Session, folder: Path, asked: Any, *, fix_mode: bool, form: str | None) -> None:
        spoken = (session.json, session.verbosity, session.color)
        seen.append((spoken, folder, asked, fix_mode, form or "text"))

    def run(session: Session, folder: Path, asked: Any, words: list[str]) -> None:
        seen.append(((session.json, session.verbosity, session.color), folder, asked, list(words)))

    def set_up(session: Session, folder: Path, options: Options) -> None:
        seen.append(((session.json, session.verbosity, session.color), folder, options))

    monkeypatch.setattr(Session, "set_up", set_up)
    monkeypatch.setattr(Session, "lock", set_up)
    monkeypatch.setattr(values, "check", check)
    monkeypatch.setattr(values, "run", run)
    return seen


@pytest.mark.parametrize("line", PLAIN)
def test_plain_words_mean_what_they_mean_to_typer(calls: list[tuple[Any, ...]], line: str) -> None:
    words = line.split()
    for call in (direct.call(words), command_line._through_typer(words)):
        assert call is not None
        call(Session())
    assert len(calls) == 2
    assert calls[0] == calls[1]


@pytest.mark.parametrize("line", UNUSUAL)
def test_the_rest_is_left_to_typer(line: str) -> None:
    assert direct.call(line.split()) is None
