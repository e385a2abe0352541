from __future__ import annotations

import pytest

from bootstrap.envfiles.placeholders import is_placeholder, is_reference, is_value_function, is_weak

UNFILLED = [
    "changeme",
    "change-me",
    "CHANGE_THIS",
    "changeit123",
    "changethis",
    "__CHANGEME__",
    "please-change-me",
    "replace-me",
    "replace with your key",
    "PLEASE_REPLACE_WITH_32_CHAR_CODE",
    "your_slack_client_secret",
    "my-secret-key",
    "bucket_name_here",
    "<INSERT_RANDOM_STRING>",
    "xxx",
    "XXXXXXXX",
    "***",
    "...",
    "sk_test_...",
    "todo",
    "TBD",
    "FIXME",
    "fixme-postgres-password",
    "placeholder",
    "dummy",
    "insert-key",
    "enter_your_key",
    "get_a_key_from_aws",
    "generate_a_new_key",
    "SomeRandomStringOf32CharsExactly",
    "SomeRandomString",
    "randomHex(64)",
    "cache(randomString(50))",
    "randomNum(1, 2)",
    '"changeme"',
    " change me ",
]
FILLED = [
    "x",
    "xx",
    "null",
    "none",
    "secret",
    "password",
    "hunter2",
    "exchange-mexico",
    "exchangemex",
    "heretic",
    "yourself",
    "mysql://root@localhost/db",
    "postgresql://localhost:5432/myapp",
    "development",
    "a.b",
    "irreplaceable",
    "<b>bold</b> text",
    "QmFzZTY0Zm9yY2hhbmdlbWU",
]


@pytest.mark.parametrize("value", UNFILLED)
def test_a_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", FILLED)
def test_a_real_value(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize("value", ["my-app", "My Shop", "your-name"])
def test_the_possessives_count_for_secrets_alone(value: str) -> None:
    assert is_placeholder(value)
    assert not is_placeholder(value, sensitive=False)


@pytest.mark.parametrize(
    ("value", "weak"), [("null", True), ("Secret", True), ("example.com", True), ("s3cret", False)]
)
def test_words_that_are_poor_secrets(value: str, *, weak: bool) -> None:
    assert is_weak(value) is weak


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        ("op://vault/item/field", True),
        ("{{ op://vault/item/field }}", True),
        ("vault:secret/data/shop#key", True),
        ("vault:", False),
        ("https://vault.example", False),
        ("shop://x", False),
    ],
)
def test_references_to_secrets_kept_elsewhere(value: str, *, reference: bool) -> None:
    assert is_reference(value) is reference


@pytest.mark.parametrize(
    ("value", "function"),
    [("randomUuid()", True), ("cache( randomHex(8) )", True), ("x randomHex(8)", False), ("random", False)],
)
def test_value_functions(value: str, *, function: bool) -> None:
    assert is_value_function(value) is function
