"""What no hashed lock can hold is refused with its line."""

from __future__ import annotations

import pytest

from bootstrap.errors import UsageError
from bootstrap.locks import lockable
from bootstrap.locks.requirements import parse


def refuse(text: str, *, hashes: bool = True) -> None:
    lockable.refuse([parse(f"# the base\n{text}\n", "requirements/base.in")], hashes=hashes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-e .", "path of this machine"),
        ("-e ./libs/shop", "path of this machine"),
        ("./libs/shop", "path of this machine"),
        ("./wheels/shop-1.0-py3-none-any.whl", "path of this machine"),
        ("shop @ file:///home/ann/shop", "path of this machine"),
        ("shop @ git+https://example.com/shop.git@v1", "version control"),
        ("-e git+https://example.com/shop.git#egg=shop", "version control"),
    ],
)
def test_refused_with_file_and_line(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        refuse(text)
    problem = caught.value.problem
    assert (problem.code, problem.file, problem.line) == ("not-lockable", "requirements/base.in", 2)
    assert problem.hint


@pytest.mark.parametrize(
    "text",
    ["django>=5", "shop @ https://example.com/shop-1.0-py3-none-any.whl", "-c constraints.txt", "--pre"],
)
def test_taken(text: str) -> None:
    refuse(text)


def test_version_control_without_hashes() -> None:
    refuse("shop @ git+https://example.com/shop.git@v1", hashes=False)


def test_no_credentials_in_the_message() -> None:
    with pytest.raises(UsageError) as caught:
        refuse("shop @ git+https://ann:secret@example.com/shop.git")
    assert "secret" not in str(caught.value)
