"""What lies in a project that is to be adopted; nothing is run and nothing written."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bootstrap.environments import packages
from bootstrap.errors import UsageError
from bootstrap.locks import lockfile
from bootstrap.scaffold.adoption.frozen import Installed

_SKIPPED = frozenset(
    {"__pycache__", "build", "dist", "node_modules", "site-packages", "templates", "migrations"}
)
_LARGEST = 1_000_000


def is_there(path: Path) -> bool:
    """Say whether something lies at a path, be it a link into nowhere."""
    return path.exists() or path.is_symlink()


@dataclass(frozen=True, slots=True)
class Project:
    """The files that say what a project needs; ``platform`` is as ``sys.platform`` names it."""

    root: Path
    platform: str

    @property
    def paths(self) -> frozenset[PurePosixPath]:
        """The files of the root and of requirements/."""
        listed = [*_files(self.root), *_files(self.root / "requirements")]
        return frozenset(PurePosixPath(path.relative_to(self.root).as_posix()) for path in listed)

    def text(self, path: PurePosixPath) -> str | None:
        """Return the text of a file, or None where there is none."""
        try:
            return _decoded((self.root / path).read_bytes(), str(path))
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def locked(self) -> dict[str, dict[str, str]]:
        """Return the pins of the files that are locks from now on, by layer."""
        found = {}
        for path in (
            path for path in self.paths if path.parent.name == "requirements" and path.suffix == ".txt"
        ):
            try:
                pins = lockfile.parse_lock(self.text(path) or "", str(path)).pins
            except UsageError:
                pins = ()
            found[path.stem] = {pin.name: pin.version for pin in pins if pin.version}
        return found


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []


def _decoded(content: bytes, name: str) -> str:
    """Return a text; PowerShell's ``>`` writes UTF-16."""
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        hint = f"save {name} as UTF-8"
        raise UsageError(f"{name} is not UTF-8 text", hint=hint, code="unparsable", file=name) from None


def installed(site_packages: Path) -> dict[str, Installed]:
    """Return what an environment holds, by canonical name."""
    modules = packages.modules(site_packages)
    return {
        name: Installed(one.version, one.requires, modules.get(name, frozenset()))
        for name, one in packages.metadata(site_packages).items()
    }


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Give the Python files of the project, none of an environment or of what was built."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if _is_searched(Path(folder, name)))
        for path in (Path(folder, name) for name in sorted(names) if name.endswith(".py")):
            try:
                if path.stat().st_size <= _LARGEST:
                    yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue


def _is_searched(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in _SKIPPED
    return not hidden and not (folder / "pyvenv.cfg").exists()
