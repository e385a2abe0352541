"""What a session makes of its run: the way to the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.cli import session

if TYPE_CHECKING:
    import pytest


def test_the_way_to_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / "shop" / ".venv"
    assert session.shown_from(tmp_path, venv) == "shop/.venv"
    assert session.shown_from(tmp_path / "other", venv) == "../shop/.venv"

    def on_another_drive(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr(os.path, "relpath", on_another_drive)
    assert session.shown_from(tmp_path, venv) == venv.as_posix()
