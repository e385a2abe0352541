"""Where the templates lie: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bootstrap.errors import UsageError
from bootstrap.scaffold import manifest
from bootstrap.scaffold.manifest import Manifest

NAMES = ("django", "plain")
_PACKAGE = Path(__file__).parents[1]


def folder() -> Path:
    """Return the folder of the templates: a wheel has them inside, an editable installation does not."""
    inside = _PACKAGE / "_templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def load(name: str) -> Manifest:
    """Read the manifest of a template.

    Raises ``UsageError`` for one there is not.
    """
    if name not in NAMES:
        raise UsageError(
            f"there is no template called {name}",
            hint=f"the templates are: {', '.join(NAMES)}",
            code="unknown-template",
        )
    return manifest.parse(name, (folder() / f"{name}.toml").read_text(encoding="utf-8"))


def texts(template: Manifest, sources: Mapping[str, str | None]) -> dict[str, str]:
    """Read the files of a template as they stand; ``sources`` is what `Manifest.sources` returns."""
    own, overlays = folder() / template.name, folder() / "overlays" / template.name
    places = {
        path: own / path if feature is None else overlays / feature / path
        for path, feature in sources.items()
    }
    return {path: place.read_bytes().decode() for path, place in places.items()}
