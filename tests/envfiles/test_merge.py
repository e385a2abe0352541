from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.envfiles.document import Document, parse
from bootstrap.envfiles.merge import Merge, merge
from tests.envfiles.files import values

SEPARATORS = ["\n", "\r\n"]


def _merge(example: str | bytes, env: str | bytes | None) -> Merge:
    old = None if env is None else parse(_bytes(env), ".env")
    return merge(parse(_bytes(example), ".env.example"), old)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def test_an_absent_file_is_seeded_with_the_whole_example() -> None:
    example = "# head\n# ---\n\n# words\nA=1\nS=randomHex(8) # keep\nP=changeme\n# C=1\n"
    merged = _merge(example, None)
    assert merged.added == ("A", "S", "P")
    assert merged.generated == ("S",)
    assert re.fullmatch(re.escape(example).replace(r"randomHex\(8\)", "[0-9a-f]{8}"), merged.content.decode())


@pytest.mark.parametrize(
    ("example", "env", "after"),
    [
        ("A=1\nB=2\n", "A=x\n", "A=x\nB=2\n"),
        ("A=1\nB=2\n", "B=x\n", "A=1\nB=x\n"),
        ("A=1\nB=2\nC=3\n", "A=x\nC=x\n", "A=x\nB=2\nC=x\n"),
        ("A=1\nB=2\nC=3\n", "C=x\nA=x\n", "C=x\nA=x\nB=2\n"),
        ("A=1\nB=2\n", "", "A=1\nB=2\n"),
        ("A=1\nB=2\n", "# mine\n", "# mine\nA=1\nB=2\n"),
        ("A=1\nB=2\n", "A=x", "A=x\nB=2\n"),
        ("A=1\nB=2", "A=x\r\n", "A=x\r\nB=2\r\n"),
        ("A=1\r\n\r\n# b\r\nB=2\r\n", "A=x\n", "A=x\n\n# b\nB=2\n"),
        ("A=1\n# b\nB=2\n", "\ufeffA=x\r\nZ=1", "\ufeffA=x\r\n# b\r\nB=2\r\nZ=1"),
        ("A=1\n\n# b\nB=2\n\nC=3\n", "A=x\nC=x\n", "A=x\n\n# b\nB=2\n\nC=x\n"),
        ("A=1\n\n# b\nB=2\n\nC=3\n", "A=x\n\nC=x\n", "A=x\n\n# b\nB=2\n\nC=x\n"),
        ("# a\nA=1\n\n# b\nB=2\n", "# b\nB=x\n", "# a\nA=1\n\n# b\nB=x\n"),
        ("# h\n# ---\nA=1\nB=2\n", "# h\n# ---\nB=x\n", "# h\n# ---\nA=1\nB=x\n"),
        ("A=1\nB='x\ny'\n", "A=1\r\n", "A=1\r\nB='x\r\ny'\r\n"),
        ('A=1\nexport B = "q" # c\n', "A=1\n", 'A=1\nexport B = "q" # c\n'),
        ("A=1\nB=2\n", "A=1\n# B=off\n", "A=1\nB=2\n# B=off\n"),
        ("A=1\nB=2\nB=3\n", "A=1\n", "A=1\nB=3\n"),
        ("A=1\nB=2\n", "A=1\nZ=1\nA=2\n", "A=1\nZ=1\nA=2\nB=2\n"),
        ("# only words\n# A=1\n", "Z=1\n", "Z=1\n"),
    ],
)
def test_a_new_key_goes_beside_its_neighbours(example: str, env: str, after: str) -> None:
    assert _merge(example, env).content.decode() == after


def test_a_new_secret_is_generated_and_an_old_one_kept() -> None:
    merged = _merge("A=randomString(20)\nB=randomUuid()\n", "A=randomString(20)\n")
    assert (merged.added, merged.generated) == (("B",), ("B",))
    assert re.fullmatch(r"A=randomString\(20\)\nB=[0-9a-f-]{36}\n", merged.content.decode())


def test_keys_gone_from_the_example_are_named_and_kept() -> None:
    merged = _merge("A=1\n# C=1\n", "B=2\nA=1\nC=3\n")
    assert (merged.content, merged.added, merged.gone) == (b"B=2\nA=1\nC=3\n", (), ("B",))


def test_nothing_new_changes_not_one_byte() -> None:
    env = b"\xef\xbb\xbf\r\n A= 1\n\n\nB='x\r\ny'"
    assert _merge("B=2\nA=1\n", env).content == env


KEYS = [f"KEY_{letter}" for letter in "ABCDEFGH"]
_LINES = st.sampled_from(["", "# words", "# ---", "# KEY_Z=1", "# @optional", "    # indented"])


@st.composite
def _examples(draw: st.DrawFn) -> bytes:
    """One step of an example's history: some of the keys, in some order, with comments between."""
    newline = draw(st.sampled_from(SEPARATORS))
    lines: list[str] = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=8)):
        lines += draw(st.lists(_LINES, max_size=3))
        value = draw(
            st.sampled_from(["", "1", "'two words' # why", '"1\n2"', "randomHex(8)", "${KEY_A}", " # why"])
        )
        lines.append(f"{key}={value}")
    lines += draw(st.lists(_LINES, max_size=2))
    return (newline.join(lines) + draw(st.sampled_from(["", newline]))).replace("\n", newline).encode()


@st.composite
def _edited(draw: st.DrawFn, env: bytes) -> bytes:
    """The file after its owner has filled in values, added lines and dropped others."""
    document = parse(env, ".env")
    for key in document.last_entries:
        if draw(st.booleans()):
            document = document.with_value(key, draw(values))
    spans = [range(entry.line - 1, entry.last_line) for entry in document.entries]
    inside = {number for span in spans for number in span[1:]}
    lines: list[str] = []
    for number, line in enumerate(document.lines):
        if number not in inside and draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(["MINE=1", "# mine", ""])) + document.newline)
        lines.append(line)
    return "".join(lines).encode()


@settings(max_examples=60, deadline=None)
@given(st.lists(_examples(), min_size=2, max_size=5), st.data())
def test_five_invariants_hold_over_an_example_history(history: list[bytes], data: st.DataObject) -> None:
    env = _merge(history[0], None).content
    for content in history[1:]:
        env = data.draw(_edited(env))
        before = parse(env, ".env")
        example = parse(content, ".env.example")
        merged = merge(example, before)
        _hold(example, before, merged)
        env = merged.content


def _hold(example: Document, before: Document, merged: Merge) -> None:
    after = parse(merged.content, ".env")
    old = {key: entry.value for key, entry in before.last_entries.items()}
    new = {key: entry.value for key, entry in after.last_entries.items()}
    assert old.items() <= new.items()
    assert new.keys() == old.keys() | example.last_entries.keys()
    assert merged.added == tuple(key for key in example.last_entries if key not in old)
    assert _is_subsequence(before.lines, after.lines)
    assert merge(example, after).content == merged.content
    assert {new[key] for key in merged.added}.isdisjoint({"randomHex(8)"})


def _is_subsequence(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    rest = iter(many)
    # A last line without an ending gets one when something follows it.
    return all(any(line == other or line == other.rstrip("\r\n") for other in rest) for line in few)
