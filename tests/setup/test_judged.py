"""What git said holds for as long as nothing that decided it has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.gitignore.judge import Finding
from bootstrap.setup.context import Judged
from bootstrap.setup.seen import Seen

RULES = b"*.pyc\n"


@pytest.mark.parametrize(
    ("change", "gitignore", "expected"),
    [
        ("", RULES, True),
        ("", b"", False),
        ("edited", RULES, False),
        ("removed", RULES, False),
        ("new", RULES, False),
    ],
)
def test_it_holds_until_something_changes(
    tmp_path: Path, change: str, gitignore: bytes, *, expected: bool
) -> None:
    exclude, absent = tmp_path / "exclude", tmp_path / "config"
    exclude.write_text("*.log\n")
    before = Seen(tmp_path)
    for path in (exclude, absent):
        before.note(path)
    judged = Judged(RULES, dict(before.files), Finding((), ()))
    if change == "edited":
        exclude.write_text("*.log\n*.tmp\n")
    elif change == "removed":
        exclude.unlink()
    elif change == "new":
        absent.write_text("")
    after = Seen(tmp_path)
    assert judged.holds(gitignore, after) is expected
    # The stamp needs them either way.
    assert after.files.keys() == before.files.keys()
