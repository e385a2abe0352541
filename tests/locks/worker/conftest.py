"""The engine's files are imported as their program does: by their own names, since they lie beside it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import bootstrap.locks.worker

Import = Callable[[str], ModuleType]


@pytest.fixture(scope="package")
def engine() -> Iterator[Import]:
    """Return the function that imports one of the engine's files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(bootstrap.locks.worker.__file__).parent))
        yield importlib.import_module
