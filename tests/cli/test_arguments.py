from __future__ import annotations

import pytest

from bootstrap.cli import arguments

COMMANDS = frozenset({"setup", "lock", "env"})
GROUPS = {"env": frozenset({"check"})}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "setup"),
        ("setup", "setup"),
        ("--check", "setup --check"),
        ("-C shop", "setup -C shop"),
        ("-C shop setup", "setup -C shop"),
        ("-C setup", "setup -C setup"),
        ("-C setup setup", "setup -C setup"),
        ("--project=shop --color never -q lock dev", "lock --project=shop --color never -q dev"),
        ("-Cshop lock", "lock -Cshop"),
        ("-vv lock", "lock -vv"),
        ("-qv lock", "lock -qv"),
        ("--json env check", "env check --json"),
        ("-C x env -q check --json", "env check -C x -q --json"),
        ("env -q nonsense", "env -q nonsense"),
        ("env", "env"),
        ("lock setup", "lock setup"),
        ("--layer lock", "setup --layer lock"),
        ("-h", "-h"),
        ("-q --help", "--help"),
        ("--version", "--version"),
        ("setup --help", "setup --help"),
        ("nonsense", "nonsense"),
        ("-C shop nonsense", "nonsense"),
        ("--nonsense", "setup --nonsense"),
        ("-C", "setup -C"),
    ],
)
def test_the_command_comes_first(words: str, expected: str) -> None:
    assert arguments.with_command(words.split(), COMMANDS, GROUPS) == expected.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [("--json", True), ("setup --json", True), ("", False), ("run -- tool --json", False), ("--jso", False)],
)
def test_json_is_known_before_the_words_are_parsed(words: str, *, expected: bool) -> None:
    assert arguments.wants_json(words.split()) is expected
