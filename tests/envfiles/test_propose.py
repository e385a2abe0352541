from __future__ import annotations

import pytest
from hypothesis import given, settings

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.propose import keys_only, propose
from bootstrap.errors import BootstrapError
from tests.envfiles import files


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A=\n", "@optional"),
        ("# Required: x\nA=\n", "@required"),
        ("# x (optional)\nA=1\n", "@optional"),
        ("# @required\nA=\n", None),
        ("A=true\n", "@type=boolean @public"),
        ("A_TOKEN=true\n", "@type=boolean"),
        ("PORT=8000\n", "@type=port @public"),
        ("PORT=99999\n", None),
        ("COUNT=8000\n", None),
        ("A=https://x.example/y\n", "@type=url"),
        ("A=me@x.example\n", "@type=email"),
        ("A=changeme\n", None),
        ("A=${B}\n", None),
        ("# @type=string\nA=true\n", None),
        ("# @sensitive\nA=true\n", "@type=boolean"),
    ],
)
def test_what_is_proposed(text: str, words: str | None) -> None:
    assert propose(parse(text.encode(), "e")).decorators == (
        ((text.split("\n")[-2].split("=", maxsplit=1)[0], words),) if words else ()
    )


@settings(deadline=None)
@given(files.tidy())
def test_only_comment_lines_come_and_only_once(content: bytes) -> None:
    try:
        document = parse(content, "e")
    except BootstrapError:
        return
    proposal = propose(document)
    after = parse(proposal.content, "e")
    assert [(e.key, e.value) for e in after.entries] == [(e.key, e.value) for e in document.entries]
    rest = iter(after.lines)
    assert all(any(line == other for other in rest) for line in document.lines)
    assert len(after.lines) == len(document.lines) + len(proposal.decorators)
    assert propose(after).content == proposal.content


def test_of_an_env_file_only_the_keys_are_taken() -> None:
    assert b"S3ntinel" not in keys_only(parse(b"# S3ntinel\nA=S3ntinel # S3ntinel\nA=2\n", ".env"))
