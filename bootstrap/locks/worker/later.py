"""Modules that pip and pip-tools import and that compiling has no use for: their code waits until it is used.

They read a ``pyproject.toml`` with `build`, paint tracebacks, and look for a newer pip. That is a tenth of
all that is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

MODULES = frozenset(
    {
        "build.env",
        "packaging.requirements",
        "pip._internal.self_outdated_check",
        "pip._vendor.pygments",
        "pip._vendor.rich.traceback",
    }
)


def install() -> None:
    """Let the code of these modules wait, where they are not imported yet."""
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        if name not in MODULES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Later(spec.loader)
        return spec


class _Later(Loader):
    """Makes a module that is filled by another loader at the first use of a name.

    The library's ``LazyLoader`` does so when its module is imported for the second time.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass

    def fill(self, module: ModuleType) -> None:
        self._loader.exec_module(module)


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        loader = self.__spec__ and self.__spec__.loader
        if name.startswith("__") or not isinstance(loader, _Later):
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]
        loader.fill(self)
        return getattr(self, name)
