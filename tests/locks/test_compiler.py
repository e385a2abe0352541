"""What becomes of the locks that pip-compile made: nothing secret in them, and layers that agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from tests.index.server import PackageIndex
from tests.locks.compiling import Work


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        index.add("util", "1.0")
        index.add("util", "2.0")
        yield index


@pytest.fixture
def work(tmp_path: Path, shelf: PackageIndex) -> Work:
    return Work(tmp_path, shelf)


def test_a_variable_stays_one_in_the_lock(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGIN", "me")
    monkeypatch.setenv("WORD", "s3cret")
    address = f"http://${{LOGIN}}:${{WORD}}@{work.index.root.removeprefix('http://')}/files/util-1.0-py3-none-any.whl"
    work.write({"base.in": f"util @ {address}\n", "dev.in": "-r base.in\n"})
    locks = work.compiled()
    for text in locks.values():
        assert f"\nutil @ {address} \\\n    --hash=sha256:" in text
        assert "s3cret" not in text


def test_a_secret_that_comes_from_elsewhere_is_written_nowhere(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that is a variable as a whole cannot be put back."""
    address = f"http://me:s3cret@{work.index.root.removeprefix('http://')}/files/util-1.0-py3-none-any.whl"
    monkeypatch.setenv("ADDRESS", address)
    work.write({"base.in": "util @ ${ADDRESS}\n"})
    with pytest.raises(BootstrapError, match="holds a password") as caught:
        work.compiled()
    assert caught.value.problem.code == "not-portable"
    assert "s3cret" not in f"{caught.value.problem} {caught.value.details}"
