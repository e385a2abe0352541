from __future__ import annotations

import pytest

from bootstrap.envfiles.comments import block_above, comments_of, required_by_words
from bootstrap.envfiles.document import parse


def test_comments_stay_with_the_key_below_them() -> None:
    document = parse(
        b"# head\n# ---\n# a\nA='1\n# not a comment\n'\n# b1\n\n  # b2\nB=2\n# end\n", ".env.example"
    )
    comments = comments_of(document)
    assert [(entry.key, [c.line for c in lines]) for entry, lines in comments.attached] == [
        ("A", [3]),
        ("B", [9]),
    ]
    assert [comment.line for comment in comments.detached] == [1, 2, 7, 11]
    assert sorted(comment.line for comment in comments.every()) == [1, 2, 3, 7, 9, 11]


@pytest.mark.parametrize("divider", ["# ---", "#---", "#### Mail", "# === Mail ===", "# ***"])
def test_a_divider_detaches(divider: str) -> None:
    document = parse(f"# a\n{divider}\nA=1\n".encode(), ".env.example")
    assert comments_of(document).attached[0][1] == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (b"# a\n# b\nA=1\n", 0),
        (b"# a\n\n# b\nA=1\n", 2),
        (b"# head\n# ---\n# b\nA=1\n", 2),
        (b"# head\n# ---\nA=1\n", 2),
        (b"A=1\n", 0),
    ],
)
def test_the_first_key_leaves_the_header_behind(text: bytes, first: int) -> None:
    document = parse(text, ".env.example")
    assert block_above(document, document.entries[0], 0) == first


def test_a_section_title_moves_with_its_key() -> None:
    document = parse(b"A=1\n\n# -----\n# Mail\n# -----\nB=1\n", ".env.example")
    assert block_above(document, document.entries[1], 1) == 2


@pytest.mark.parametrize(
    ("words", "required"),
    [
        (("Optional",), False),
        (("x", "Required: y"), True),
        (("Optional \u2013 y",), False),
        (("y, optional.",), False),
        (("y (REQUIRED).",), True),
        (("Optional-ly",), None),
        (("optional y",), None),
        ((), None),
    ],
)
def test_plain_words(words: tuple[str, ...], *, required: bool | None) -> None:
    assert required_by_words(words) is required
