from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bootstrap.errors import UsageError
from bootstrap.locks.graph import Graph

BASE, DEV, LIMITS = (PurePosixPath(name) for name in ("base.in", "dev.in", "limits.txt"))
TEXTS = {BASE: "-c limits.txt", DEV: "-r base.txt", LIMITS: "a<2"}


def test_a_lock_stands_for_its_source_and_is_not_read() -> None:
    reach = Graph(TEXTS.get, [BASE, DEV], may_grow=True).reach(DEV)
    assert reach.included == {BASE}
    assert reach.files == {DEV}


def test_other_files_become_layers_only_where_they_may() -> None:
    assert Graph(TEXTS.get, [DEV], may_grow=True).layers() == (BASE, DEV)
    with pytest.raises(UsageError, match=r"there is no base\.txt"):
        Graph(TEXTS.get, [DEV], may_grow=False)


def test_a_missing_source_is_told() -> None:
    with pytest.raises(UsageError, match=r"there is no nope\.in"):
        Graph(TEXTS.get, [PurePosixPath("nope.in")], may_grow=True)
