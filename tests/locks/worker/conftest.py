"""The engine's files are imported as their program does: by their own names, since they lie beside it."""

from __future__ import annotations

import importlib
import warnings
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
        yield _imported


def _imported(name: str) -> ModuleType:
    # What pip-tools imports of others may be on its way out there, which is not the concern of these tests.
    with warnings.catch_warnings(action="ignore"):
        return importlib.import_module(name)
