from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.gitignore import block, rules
from bootstrap.gitignore.entries import Entry, entries_for, needed, probes_of

DEFAULT = entries_for(".venv", ".env", ".env.example")
ALL = (".venv/", ".env", ".env.*", "__pycache__/", "*.py[cod]", "!.env.example")


def judged(text: str, entries: tuple[Entry, ...] = DEFAULT) -> tuple[str, ...]:
    ignored = rules.ignored(text.split("\n"), probes_of(entries))
    return needed(entries, ignored, text.encode())


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ("", ALL),
        ("\n".join(ALL), ()),
        (".venv\n.env\n*.pyc\n", (".env.*", "!.env.example")),
        (".env*\n*.pyc\n.venv/\n", ("!.env.example",)),
        (".env*\n!.env.example\n*.pyc\nvenv/\n.venv/", ()),
        (".*\n!.env.example\n__pycache__/\n", ("*.py[cod]",)),
        ("/.venv/\n/.env\n.env.*\n!.env.example\n*.py[cod]\n", ()),
        ("# .env\n.env.*\n*.pyc\n.venv\n!.env.example\n", (".env",)),
        (".env\n.env.local\n*.pyc\n.venv", (".env.*", "!.env.example")),
        ("*\n!*.py\n", ("!.env.example",)),
    ],
)
def test_only_what_is_not_covered_is_needed(existing: str, expected: tuple[str, ...]) -> None:
    assert judged(existing) == expected


def test_names_come_from_the_settings() -> None:
    entries = entries_for("build/env", "conf/.env", "env.sample")
    lines = ("build/env/", "conf/.env", "conf/.env.*", "__pycache__/", "*.py[cod]")
    assert judged("", entries) == lines, "conf/.env.* does not hide env.sample"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("my env", "my env"),
        ("#env", "\\#env"),
        ("!env", "\\!env"),
        ("en*v[1]?", "en\\*v\\[1]\\?"),
        ("env ", "env\\ "),
        ("données", "données"),
    ],
)
def test_a_name_is_no_pattern(name: str, line: str) -> None:
    entries = entries_for(".venv", name, ".env.example")
    assert entries[1].line == line
    assert rules.ignored([line], [name, "other", "en1v1x"]) == {name}


@pytest.mark.parametrize(
    ("extra", "existing", "wanted"),
    [
        ("staticfiles/", "", True),
        ("staticfiles/", "static*/", False),
        ("staticfiles/", "staticfiles/", False),
        ("db.sqlite3*", "*.sqlite3*", False),
        ("media/**/cache", "media/", False),
        ("!keep.txt", "", True),
        ("!keep.txt", "!keep.txt", False),
        ("*.[ao]", "*.a", True),
        ("*.[ao]", "*.[ao]", False),
    ],
)
def test_lines_of_the_settings(extra: str, existing: str, *, wanted: bool) -> None:
    entries = entries_for(".venv", ".env", ".env.example", (extra,))
    assert (extra in judged(existing, entries)) is wanted


def test_a_line_of_the_settings_does_not_hide_the_example() -> None:
    entries = entries_for(".venv", ".env", ".env.example", (".env*",))
    assert judged("", entries)[-2:] == (".env*", "!.env.example")


def test_an_exception_in_the_block_is_added_again_after_what_hides_it() -> None:
    existing = "# >>> bootstrap >>>\n.venv/\n.env\n*.pyc\n!.env.example\n# <<< bootstrap <<<\n"
    assert judged(existing) == (".env.*", "!.env.example")


HOSTILE = (".env*", "!.env*", "!.*", ".*", "*", "!.env", "*.pyc", ".venv", "", "# c")
MARKS = (block.BEGIN.decode(), block.END.decode())


@given(st.lists(st.sampled_from([*HOSTILE, *MARKS, *ALL])))
def test_one_run_is_enough_and_keeps_its_word(lines: list[str]) -> None:
    existing = "\n".join(lines)
    after = block.with_block(existing.encode(), judged(existing)).decode()
    assert judged(after) == ()
    hidden = rules.ignored(after.split("\n"), [*probes_of(DEFAULT)])
    assert hidden == {*probes_of(DEFAULT)} - {".env.example"}
