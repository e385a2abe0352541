"""Text from an index or a test run means nothing to Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.upgrades import escaping

NASTY = [
    "@everyone look",
    "fixes #123",
    "see GH-12",
    "a | b",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "![x](https://example.com/track.png)",
    "[click](javascript:alert(1))",
    "```\n# Forged heading",
    "*bold* _it_ ~~gone~~",
    "https://example.com/ping",
    "see www.example.com",
    "\x1b[31mred\x1b[0m \x07bell",
    "\u202ereversed",
    "&lt;b&gt;",
    "back\\slash",
    "> quoted",
    "# heading",
    "- item",
]


@pytest.mark.parametrize("raw", NASTY)
def test_text(raw: str) -> None:
    made = escaping.text(raw)
    assert not re.search(
        r"[@#]\w|GH-\d|://|www\.|(?<!\\)[|<*_`\[\]~!]|^[>#+=-]|[\x00-\x1f\u202e]|&(?!amp;)", made
    )


@pytest.mark.parametrize("raw", [*NASTY, "`", "``", "a`b``c", ""])
def test_code(raw: str) -> None:
    made = escaping.code(raw)
    fence = re.match(r"`+", made)
    assert fence is not None
    inside = made[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall(r"`+", inside)
    assert not re.search(r"[\n|\x00-\x1f\u202e]", made)


def test_link() -> None:
    assert escaping.link("changelog", "https://example.com/a_(b)") == ""
    assert escaping.link("source", "https://example.com/a?b=c#d") == "[source](<https://example.com/a?b=c#d>)"
    for bad in ("javascript:alert(1)", "https://example.com/> @x", "file:///etc/passwd", ""):
        assert escaping.link("x", bad) == ""


@given(st.text())
def test_one_line_whatever_comes(raw: str) -> None:
    for made in (escaping.text(raw), escaping.code(raw)):
        assert len(made.splitlines()) <= 1
        assert "|" not in made.replace("\\|", "")
