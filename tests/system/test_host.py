"""Where a machine has no place for caches, that is said; no folder called ``~`` appears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import host


def nobody() -> Path:
    raise RuntimeError


@pytest.mark.parametrize("ask", [host.home, host.cache_folder, host.log_folder])
def test_a_user_without_a_home_is_told(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Path]) -> None:
    monkeypatch.delenv("BOOTSTRAP_CACHE_DIR")
    monkeypatch.setattr(Path, "home", nobody)
    with pytest.raises(BootstrapError, match="no home folder") as caught:
        ask()
    assert "HOME" in str(caught.value.problem.hint)


def test_the_cache_may_lie_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOOTSTRAP_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(Path, "home", nobody)
    assert host.cache_folder() == tmp_path
