"""Modules that pip and pip-tools import and that compiling has no use for: their code waits until it is used.

They read a ``pyproject.toml`` with `build`, paint tracebacks, and look for a newer pip. That is a tenth of
all that is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
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
        self._lock = RLock()
        self._is_filling = False

    def exec_module(self, module: ModuleType) -> None:
        module.__class__ = _Module

    def fill(self, module: ModuleType) -> None:
        """Fill the module; another thread waits for that, and where it fails the next use tries again."""
        with self._lock:
            if self._is_filling or type(module) is not _Module:
                return
            self._is_filling = True
            try:
                self._loader.exec_module(module)
                module.__class__ = ModuleType  # type: ignore[assignment]
            finally:
                self._is_filling = False


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        # Of a module that is no package, the import itself asks for a path.
        if name != "__path__":
            vars(self)["__spec__"].loader.fill(self)
        try:
            return vars(self)[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None
