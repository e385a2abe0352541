from __future__ import annotations

import re
import uuid

import pytest

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.generate import generate


@pytest.mark.parametrize(
    ("default", "wanted"),
    [
        ("randomString(50)", "[A-Za-z0-9]{50}"),
        ("randomString()", "[A-Za-z0-9]{16}"),
        ("randomString(1)", "[A-Za-z0-9]"),
        ("randomHex(64)", "[0-9a-f]{64}"),
        ("randomHex(7)", "[0-9a-f]{7}"),
        ("randomHex()", "[0-9a-f]{32}"),
        ("cache(randomHex( 8 ))", "[0-9a-f]{8}"),
        (" cache( randomString(9) ) ", "[A-Za-z0-9]{9}"),
    ],
)
def test_the_length_is_kept_exactly(default: str, wanted: str) -> None:
    secret = generate(default)
    assert secret is not None
    assert re.fullmatch(wanted, secret)


@pytest.mark.parametrize("default", ["randomUuid()", "cache(randomUuid())"])
def test_a_uuid_is_a_random_one(default: str) -> None:
    secret = generate(default)
    assert secret is not None
    assert uuid.UUID(secret).version == 4
    assert str(uuid.UUID(secret)) == secret


@pytest.mark.parametrize(
    "default",
    [
        "",
        "secret",
        "randomHex",
        "randomHex(64",
        "x randomHex(64)",
        "randomHex(64) ",
        "randomString(0)",
        "randomString(99999)",
        "randomString(-1)",
        "randomString(n)",
        "randomUuid(4)",
        "randomNum(1, 2)",
        "cache(secret)",
    ],
)
def test_nothing_else_is_generated(default: str) -> None:
    assert (generate(default) is None) is (default != "randomHex(64) ")


def test_no_two_are_alike() -> None:
    assert len({generate("randomString(20)") for _ in range(50)}) == 50


def test_a_secret_needs_no_quotes() -> None:
    document = parse(b"A=randomString(400)\n", ".env")
    secret = generate("randomString(400)")
    assert secret
    assert document.with_value("A", secret).text == f"A={secret}\n"
