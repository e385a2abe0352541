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
        ("shop @ file:///${HOME}/shop-1.0.zip", "path of this machine"),
        ("shop @ https://ann:secret@example.com/shop.zip", "hold its password"),
        ("-r /srv/shared/base.in", "name a path of this machine"),
        ("-c C:\\\\shared\\\\limits.txt", "name a path of this machine"),
        ("-c file:///srv/limits.txt", "name a path of this machine"),
        ("-c https://secret@example.com/limits.txt", "hold its password"),
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
    [
        "django>=5",
        "shop @ https://example.com/shop-1.0-py3-none-any.whl",
        "shop @ https://${USER}:${WORD}@example.com/shop-1.0-py3-none-any.whl",
        "shop @ ${FILES}/shop-1.0-py3-none-any.whl",
        "-c constraints.txt",
        "-c ../../shared/constraints.txt",
        "-c https://example.com/constraints.txt",
        "--pre",
        "--extra-index-url https://ann:secret@example.com/simple",
    ],
)
def test_taken(text: str) -> None:
    refuse(text)


def test_version_control_without_hashes() -> None:
    refuse("shop @ git+https://example.com/shop.git@v1", hashes=False)


def test_no_credentials_in_the_message() -> None:
    with pytest.raises(UsageError) as caught:
        refuse("shop @ git+https://ann:secret@example.com/shop.git")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("shop==1", None),
        ("shop @ https://${T}@example.com/shop.zip", None),
        ("shop @ https://secret@example.com/shop.zip", "holds a password or a token"),
        ("--index-url https://example.com/simple", "names an index; that belongs to pip's own configuration"),
        ("shop @ file:///home/ann/shop.zip", "is a path of one machine"),
        ("-f /opt/wheels", "is a path of one machine"),
    ],
)
def test_what_may_stand_in_no_lock(text: str, fault: str | None) -> None:
    [line] = parse(text, "base.txt").lines
    assert lockable.portability_fault(line) == fault
