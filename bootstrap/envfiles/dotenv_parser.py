"""python-dotenv's parser and expansion without the rest of that package.

``import dotenv`` loads logging, tempfile and what they load, which takes as long as a whole check of a small
file; the two modules used here need nothing of it.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotenv.parser import Binding, Reader, parse_binding
    from dotenv.variables import Variable, parse_variables
else:

    def _loaded(name: str) -> ModuleType:
        """Load a module of the package, or return it where somebody has imported it."""
        if f"dotenv.{name}" in sys.modules:
            return sys.modules[f"dotenv.{name}"]
        package = PathFinder.find_spec("dotenv")
        spec = PathFinder.find_spec(name, package.submodule_search_locations) if package else None
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError(f"No module named 'dotenv.{name}'", name=f"dotenv.{name}")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    _parser, _variables = _loaded("parser"), _loaded("variables")
    Binding, Reader, parse_binding = _parser.Binding, _parser.Reader, _parser.parse_binding
    Variable, parse_variables = _variables.Variable, _variables.parse_variables

__all__ = ["Binding", "Reader", "Variable", "parse_binding", "parse_variables"]
