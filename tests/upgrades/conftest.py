from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.index.server import PackageIndex
from tests.upgrades.shelf import Shelf

New = Callable[[], Shelf]


@pytest.fixture(scope="module")
def new_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[New]:
    """Give a maker of projects, each with an index of its own; caches are those of the whole session."""
    open_: list[PackageIndex] = []

    def new() -> Shelf:
        index = PackageIndex()
        index.__enter__()
        open_.append(index)
        return Shelf(Path(tmp_path_factory.mktemp("shelf")).resolve() / "project", index)

    yield new
    for index in open_:
        index.__exit__()


@pytest.fixture
def shelf(new_shelf: New) -> Shelf:
    """Give one project that is still to be made."""
    return new_shelf()
