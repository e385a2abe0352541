"""Which folders may become a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.errors import UsageError
from bootstrap.scaffold import target


@pytest.mark.parametrize("names", [[], [".git"], ["README.md", "LICENSE", ".git"], ["README.rst"]])
def test_good(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"")
    assert target.kept(tmp_path) == frozenset(names)
    assert target.kept(tmp_path / "absent") == frozenset()


def test_everything_in_the_way_is_listed(tmp_path: Path) -> None:
    for name in ("README.md", "b.py", "a.py", ".env"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UsageError) as raised:
        target.kept(tmp_path)
    assert raised.value.problem.message == f"{tmp_path} is not empty: .env, a.py, b.py"
    assert "bootstrap init" in (raised.value.problem.hint or "")


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}").write_bytes(b"")
    with pytest.raises(UsageError, match=r"19 and 10 more$"):
        target.kept(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "shop").write_bytes(b"")
    with pytest.raises(UsageError, match="shop is a file"):
        target.kept(tmp_path / "shop")
