from __future__ import annotations

import re

import pytest

from bootstrap.envfiles.patterns import lazily


def test_it_serves_as_a_compiled_expression() -> None:
    pattern = lazily(r"(a)b", re.IGNORECASE)
    assert pattern.fullmatch("AB")
    assert pattern.search("xab")
    assert pattern.sub("-", "xab") == "x-"
    assert pattern.groups == 1


def test_an_error_shows_where_it_is_used() -> None:
    pattern = lazily("(")
    with pytest.raises(re.error):
        pattern.match("")
