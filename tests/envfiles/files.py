"""Env files as hypothesis makes them: tidy ones, as people write them, and arbitrary text."""

from __future__ import annotations

from hypothesis import strategies as st

KEYS = ("A", "B_C", "_D", "E1", "lower", "HOST_ONE", "HOST_TWO")

_REFERENCES = st.sampled_from(
    ["${A}", "${B_C}", "${HOST_ONE}", "${NONE:-spare}", "${NONE}", "$A", "${A-d}", "${"]
)
_CHARACTERS = st.text("ab1 =#'\"\\${}:-/\t\x0b\x85é☃\u2028", max_size=8)
_PIECES = st.lists(_CHARACTERS | _REFERENCES, max_size=4).map("".join)
_GAPS = st.sampled_from(["", " ", "  ", "\t"])
_INLINE_COMMENTS = st.sampled_from(["", " # note", "  # it's", " #"])
_LINE_BREAKS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def _single_quoted(draw: st.DrawFn) -> str:
    lines = draw(st.lists(_PIECES, min_size=1, max_size=3))
    return "'" + "\n".join(lines).replace("\\", "\\\\").replace("'", "\\'") + "'"


@st.composite
def _double_quoted(draw: st.DrawFn) -> str:
    lines = draw(st.lists(_PIECES, min_size=1, max_size=3))
    text = "\n".join(lines).replace("\\", draw(st.sampled_from(["\\\\", "\\n", "\\t"]))).replace('"', '\\"')
    return f'"{text}"'


_PLAIN = _PIECES.map(lambda text: text.lstrip("'\" \t\x0b\x85\u2028"))


@st.composite
def _assignments(draw: st.DrawFn) -> str:
    export = draw(st.sampled_from(["", "export ", "  "]))
    value = draw(_PLAIN | _single_quoted() | _double_quoted())
    return f"{export}{draw(st.sampled_from(KEYS))}{draw(_GAPS)}={draw(_GAPS)}{value}{draw(_INLINE_COMMENTS)}"


_COMMENTS = _CHARACTERS.map(lambda text: f"# {text}")


@st.composite
def tidy(draw: st.DrawFn) -> bytes:
    """A file that python-dotenv reads whole, with any line ending, with or without a mark and a last one."""
    lines = draw(st.lists(_assignments() | _COMMENTS | st.just(""), max_size=10))
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return (mark + text.replace("\n", draw(_LINE_BREAKS))).encode()


arbitrary = st.text("AB=\"'#\\ \n\r${}:-é", max_size=40).map(str.encode) | st.binary(max_size=20)
hosts = st.dictionaries(
    st.sampled_from(["HOST_ONE", "HOST_TWO", "A", "B_C"]), st.sampled_from(["", "h", "two words", "${A}"])
)
values = st.text(max_size=30).filter(lambda text: "\0" not in text and "${" not in text)
