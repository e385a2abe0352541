"""Extras that came or went are seen without an environment, on the machine that made the lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.setup import memory
from bootstrap.setup.context import Context
from tests.setup.conftest import Bootstrap, new_project
from tests.setup.test_completeness import context_of

FILES = {
    "base.in": "# x\nweb[a]\nutil\n",
    "base.txt": "web==1\nutil==1\n",
    "dev.in": "-r base.txt\n",
    "dev.txt": "web==1\n",
}


def changed(tmp_path: Path, made: Context, **files: str) -> list[str]:
    """Return what is told of the layers once these files are others."""
    texts = {**FILES, **{name.replace("_", "."): text for name, text in files.items()}}
    context = context_of(tmp_path / "changed", texts, {})
    return [reason.message for layer in context.layers for reason in memory.other_extras(context, layer)]


@pytest.fixture
def made(tmp_path: Path, isolated: Path) -> Context:
    context = context_of(tmp_path / "made", FILES, {})
    assert [memory.other_extras(context, layer) for layer in context.layers] == [(), ()]
    memory.keep(context, context.layers)
    return context


@pytest.mark.parametrize(
    ("base", "told"),
    [
        ("web[a]\nutil", []),
        ("web[A] >= 1\nutil[]", []),
        ("util\nweb [a] # c", []),
        ("web[a]\nutil\nmore[b]", []),
        ("util", []),
        ("web[a]; os_name == 'none'\nutil", []),
        ("\nweb[a,b]\nutil", ["base.in:2 web[a,b]"]),
        ("web\nutil", ["base.in:1 web"]),
        ("web[a]\nutil[x]", ["base.in:2 util[x]"]),
    ],
)
def test_other_extras_are_seen(tmp_path: Path, made: Context, base: str, told: list[str]) -> None:
    """Of both layers, as dev takes all of base by its lock."""
    found = changed(tmp_path, made, base_in=base)
    expected = [
        f"{place} asks for other extras than requirements/{layer}.txt was made for"
        for place in told
        for layer in ("base", "dev")
    ]
    assert found == expected


def test_line_ends_are_not_the_lock(tmp_path: Path, made: Context) -> None:
    assert changed(tmp_path, made, base_in="web\nutil", base_txt=FILES["base.txt"].replace("\n", "\r\n"))


def test_nothing_is_known_of_another_lock(tmp_path: Path, made: Context) -> None:
    other = {"base_txt": "web==2\nutil==1\n", "dev_txt": "web==2\n"}
    assert changed(tmp_path, made, base_in="web\nutil", **other) == []


def test_a_lock_that_is_right_for_both_is_fresh_for_both(tmp_path: Path, made: Context) -> None:
    both = {**FILES, "base.in": "web[a,b]\nutil\n"}
    context = context_of(tmp_path / "both", both, {})
    memory.keep(context, context.layers)
    assert changed(tmp_path, made, base_in="web[b,a]\nutil") == []
    assert [memory.other_extras(made, layer) for layer in made.layers] == [(), ()]


@pytest.mark.parametrize("text", ["", "{", "[[]]", "3"])
def test_a_damaged_entry_says_nothing(tmp_path: Path, made: Context, isolated: Path, text: str) -> None:
    for path in (isolated / ".cache" / "bootstrap" / "made").iterdir():
        path.write_text(text)
    assert changed(tmp_path, made, base_in="web\nutil") == []


def test_the_oldest_entries_go(made: Context, monkeypatch: pytest.MonkeyPatch, isolated: Path) -> None:
    monkeypatch.setattr(memory, "_MOST", 1)
    memory.keep(made, made.layers)
    assert len(list((isolated / ".cache" / "bootstrap" / "made").iterdir())) == 1


def test_an_extra_that_came_or_went_is_locked(tmp_path: Path, isolated: Path, bootstrap: Bootstrap) -> None:
    root = new_project(tmp_path / "project")
    (root / "requirements").mkdir()
    base, lock = root / "requirements" / "base.in", root / "requirements" / "base.txt"
    for text, names in (
        ("psycopg\n", {"psycopg", "typing-extensions"}),
        ("psycopg[binary]\n", {"psycopg", "psycopg-binary", "typing-extensions"}),
        ("psycopg\n", {"psycopg", "typing-extensions"}),
    ):
        base.write_text(text)
        assert bootstrap("lock", "--check", cwd=root).code == 3
        assert bootstrap("lock", cwd=root).code == 0
        pinned = {line.partition("==")[0] for line in lock.read_text().splitlines() if "==" in line}
        assert pinned - {"typing-extensions"} == names - {"typing-extensions"}
        assert bootstrap("lock", "--check", cwd=root).code == 0
