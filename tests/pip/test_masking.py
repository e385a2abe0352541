"""No password and no token is in what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.pip.masking import mask

_WORD = st.text(st.characters(exclude_characters="/ '\"\\", exclude_categories=["Z", "C"]), min_size=12)


@given(user=_WORD, password=_WORD)
def test_a_masked_text_holds_no_password(user: str, password: str) -> None:
    text = f"--index-url https://{user}:{password}@example.com/simple"
    shown = mask(text)
    assert user not in shown
    assert password not in shown
    assert shown.endswith("@example.com/simple")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://user:secret@host/simple", "https://****@host/simple"),
        ("https://token@host", "https://****@host"),
        ("https://user:p@ss@host/x", "https://****@host/x"),
        ("url='http://u:p@h:80/' (https://a:b@c/d)", "url='http://****@h:80/' (https://****@c/d)"),
        ("git+ssh://git@host/x", "git+ssh://****@host/x"),
        ("https://host/simple/ by me@example.com", "https://host/simple/ by me@example.com"),
        ("https://host/path@1.0", "https://host/path@1.0"),
        ("(from https://host/a.zip?token=secret#sha256=00)", "(from https://host/a.zip?****#sha256=00)"),
        ("`https://host/a.zip?x=1&t=secret`: why?", "`https://host/a.zip?****`: why?"),
        ("https://host/a?token=abc;def'(ghi)jkl next", "https://host/a?**** next"),
        ("a @ https://x@example.com/a?t=1#sha256=0 ;b", "a @ https://****@example.com/a?****#sha256=0 ;b"),
        ("${SCHEME}://user:word@host/a", "${SCHEME}://****@host/a"),
    ],
)
def test_credentials_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
