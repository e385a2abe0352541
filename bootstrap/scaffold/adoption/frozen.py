"""An environment, or the ``pip freeze`` of one: which of its packages were asked for.

What nothing else needs was, and so was what the code imports, what INSTALLED_APPS names, and Django: other
packages need it, so it is no leaf in just those projects that are built on it (pip-chill #49)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bootstrap.scaffold.adoption.found import BASE, DEV, Found, Wish
from bootstrap.scaffold.adoption.specifiers import lower_bound

_ALWAYS = frozenset({"django"})
# What an environment has of itself.
_SEEDED = frozenset({"pip", "setuptools", "wheel", "distribute", "pkg-resources", "bootstrap-cli"})
# Packages whose module has another name, where the environment that would tell is not there.
_MODULES = {
    "bs4": "beautifulsoup4",
    "corsheaders": "django-cors-headers",
    "crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "debug_toolbar": "django-debug-toolbar",
    "decouple": "python-decouple",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "git": "gitpython",
    "jwt": "pyjwt",
    "mysqldb": "mysqlclient",
    "pil": "pillow",
    "psycopg2": "psycopg2-binary",
    "rest_framework": "djangorestframework",
    "sklearn": "scikit-learn",
    "storages": "django-storages",
    "yaml": "pyyaml",
}
_OF_DEVELOPERS = frozenset(
    {"black", "coverage", "factory-boy", "flake8", "ipdb", "ipython", "isort", "mypy", "nox", "pre-commit",
     "pylint", "pytest", "ruff", "tox", "django-debug-toolbar", "django-stubs", "sphinx"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Installed:
    """One package: its version, what it requires, and the modules it brings (none: not known)."""

    version: str
    requires: tuple[str, ...] = ()
    modules: frozenset[str] = frozenset()


def read(installed: Mapping[str, Installed], used: Collection[str], source: str) -> Found:
    """Tell what was asked for; ``used`` are the modules that the code imports or names."""
    own = {name: one for name, one in installed.items() if name not in _SEEDED}
    asked = direct(own, used)
    wishes = tuple(
        Wish(_layer(name), f"{name}{lower_bound(one.version)}", "", name in asked)
        for name, one in sorted(own.items())
    )
    notes = []
    if len(asked) < len(own):
        notes.append(
            f"{len(asked)} of {len(own)} packages look asked for; the rest are comments in the .in files"
        )
    pins = {name: one.version for name, one in own.items()}
    return Found(source, wishes, pins, (), tuple(notes))


def direct(installed: Mapping[str, Installed], used: Collection[str]) -> frozenset[str]:
    """Return the packages that were asked for, by canonical name."""
    needed = {name for one in installed.values() for name in _names(one.requires)}
    brought = {module: name for name, one in installed.items() for module in one.modules}
    imported = {brought.get(module) or _guess(module) for module in used}
    return frozenset(name for name in installed if name not in needed or name in imported or name in _ALWAYS)


def _names(requires: Iterable[str]) -> Iterable[str]:
    for text in requires:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue
        if one.marker is None or "extra" not in str(one.marker):
            yield canonicalize_name(one.name)


def _guess(module: str) -> str:
    return _MODULES.get(module.lower(), canonicalize_name(module))


def _layer(name: str) -> str:
    developers = name in _OF_DEVELOPERS or name.startswith(("pytest-", "types-", "flake8-"))
    return DEV if developers else BASE


def refined(found: Found, installed: Mapping[str, Installed], used: Collection[str]) -> Found:
    """Return what a frozen file asks for, with the help of the environment it came from.

    A package that is not in the environment counts as asked for.
    """
    known = {name: one for name, one in installed.items() if name in found.pins}
    told = read(known, used, found.source)
    asked = direct(known, used) | (found.pins.keys() - known.keys())
    wishes = tuple(
        replace(wish, layer=_layer(name), asked=name in asked)
        for wish in found.wishes
        for name in [canonicalize_name(re.split(r"[\[>=<!~ ]", wish.text, maxsplit=1)[0])]
    )
    return replace(found, wishes=wishes, notes=(*found.notes, *told.notes))
