"""Which packages a test run imports: a hook in its environment writes down what was loaded from there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bootstrap.system import files
from bootstrap.upgrades.metadata import Metadata

# Runs in any Python, at its start; whatever goes wrong in it must not disturb the tests.
_HOOK = """\
import atexit, os, sys

def write(folder={folder!r}, site={site!r}):
    try:
        seen = set()
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
            path = os.path.realpath(path) if isinstance(path, str) else ""
            if path.startswith(site + os.sep):
                parts = path[len(site) + 1:].split(os.sep)
                seen.update(["/".join(parts[:1]), "/".join(parts[:2])])
        with open(os.path.join(folder, "%d.txt" % os.getpid()), "a", encoding="utf-8") as file:
            file.write("".join(name + "\\n" for name in sorted(seen)))
    except Exception:
        pass

atexit.register(write)
"""


def watch(site_packages: Path, folder: Path) -> None:
    """Have each Python of an environment write to ``folder``, when it ends, what it imported from there."""
    files.make_folder(folder)
    text = _HOOK.format(folder=str(folder), site=str(site_packages.resolve()))
    files.write_scratch(site_packages / "_bootstrap_imports.py", text.encode())
    files.write_scratch(site_packages / "_bootstrap_imports.pth", b"import _bootstrap_imports\n")


def seen(folder: Path) -> frozenset[str] | None:
    """Return what was written, as first parts of paths; None where no Python of the environment ran."""
    written = sorted(folder.glob("*.txt"))
    if not written:
        return None
    return frozenset(line for path in written for line in path.read_text(encoding="utf-8").splitlines())


def distributions(parts: frozenset[str], metadata: Mapping[str, Metadata]) -> tuple[str, ...]:
    """Return the packages that something seen belongs to; sorted."""
    return tuple(sorted(name for name, one in metadata.items() if not parts.isdisjoint(one.modules)))
