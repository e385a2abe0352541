"""Locks are replaced together: what was begun is completed, and nothing of somebody else is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import files
from bootstrap.upgrades import applying

OLD = {"base.txt": "old base\n", "dev.txt": "old dev\n", "holds.toml": ""}
NEW = {"base.txt": "new base\n", "dev.txt": "new dev\n", "holds.toml": "new\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    for name, text in OLD.items():
        if text:
            (made / name).write_text(text, newline="\n")
    return made


def texts(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text() if (root / name).exists() else "" for name in OLD}


def test_all_are_replaced(root: Path, tmp_path: Path) -> None:
    plan = tmp_path / "apply.json"
    applying.apply(root, plan, OLD, NEW)
    assert texts(root) == NEW
    applying.apply(root, plan, NEW, {"holds.toml": ""})
    assert not (root / "holds.toml").exists()


def test_a_changed_file_stops_it_before_anything_is_written(root: Path, tmp_path: Path) -> None:
    (root / "dev.txt").write_text("mine\n")
    with pytest.raises(BootstrapError, match=r"dev\.txt was changed"):
        applying.apply(root, tmp_path / "apply.json", OLD, NEW)
    assert texts(root) == {**OLD, "dev.txt": "mine\n"}


@pytest.mark.parametrize("written", range(4))
def test_the_next_run_completes_what_was_begun(
    root: Path, tmp_path: Path, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, left = tmp_path / "apply.json", written + 1
    real = files.write_atomic

    def dying(path: Path, content: bytes, *, mode: int | None = None) -> None:
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        real(path, content, mode=mode)

    monkeypatch.setattr(files, "write_atomic", dying)
    if written < 3:
        with pytest.raises(KeyboardInterrupt):
            applying.apply(root, plan, OLD, NEW)
    else:
        applying.apply(root, plan, OLD, NEW)
    monkeypatch.setattr(files, "write_atomic", real)
    assert applying.complete(root, plan)
    assert texts(root) == NEW


def test_a_file_of_somebody_else_ends_the_plan(root: Path, tmp_path: Path) -> None:
    plan = tmp_path / "apply.json"
    plan.write_text('[{"path": "base.txt", "before": "0", "after": "new base\\n"}]')
    assert applying.complete(root, plan) is False
    assert texts(root) == OLD
    plan.write_text("damaged")
    assert applying.complete(root, plan) is False
    assert texts(root) == OLD
