"""Modules whose code waits until it is used are, when it is, what they always were."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from bootstrap.locks.worker import later

WORKER = Path(later.__file__).parent


def run(text: str, *paths: Path) -> str:
    """Run a text in a process of its own, with the modules of some folders, after `later.install`."""
    begin = f"import sys; sys.path[:0] = {[str(WORKER), *map(str, paths)]!r}; import later\nlater.install()\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", begin + text], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """Make a package with a module that tells when it runs."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").touch()
    (tmp_path / "pack" / "slow.py").write_text("print('runs')\nVALUE = 7\n")
    return tmp_path


USES = "later.MODULES = {'pack.slow'}\n"


@pytest.mark.parametrize(
    "text",
    [
        "import pack.slow\nprint('imported')\nprint(pack.slow.VALUE)",
        "import pack.slow\nimport pack.slow\nprint('imported')\nprint(pack.slow.VALUE)",
        "from pack import slow\nprint('imported')\nprint(slow.VALUE)",
    ],
)
def test_the_code_waits_until_it_is_used(slow: Path, text: str) -> None:
    assert run(USES + text, slow) == "imported\nruns\n7"


def test_it_runs_at_once_where_a_name_is_taken(slow: Path) -> None:
    text = "from pack.slow import VALUE\nprint(VALUE)\nfrom pack.slow import VALUE"
    assert run(USES + text, slow) == "runs\n7"


def test_a_name_that_is_not_there(slow: Path) -> None:
    text = "import pack.slow\nprint(hasattr(pack.slow, '__path__'), hasattr(pack.slow, 'missing'))"
    assert run(USES + text, slow) == "runs\nFalse False"


def test_a_module_that_is_not_there() -> None:
    text = "try: import missing\nexcept ModuleNotFoundError as error: print(error)"
    assert run("later.MODULES = {'missing'}\n" + text) == "No module named 'missing'"


def test_what_fails_fails_where_it_is_used(slow: Path) -> None:
    (slow / "pack" / "slow.py").write_text("raise ImportError('no disk')\n")
    text = "import pack.slow\ntry: pack.slow.VALUE\nexcept ImportError as error: print(error)"
    assert run(USES + text, slow) == "no disk"


def test_after_a_failure_the_next_use_tries_again(slow: Path) -> None:
    (slow / "pack" / "slow.py").write_text(
        "import sys\nif 'again' not in sys.argv: raise OSError('busy')\nVALUE = 7\n"
    )
    text = (
        "import sys, pack.slow\ntry: pack.slow.VALUE\nexcept OSError as error: print(error)\n"
        "sys.argv.append('again')\nprint(pack.slow.VALUE)"
    )
    assert run(USES + text, slow) == "busy\n7"


def test_a_module_that_looks_at_itself(slow: Path) -> None:
    (slow / "pack" / "slow.py").write_text(
        "import pack.slow as own\nprint(hasattr(own, 'VALUE'))\nVALUE = 7\n"
    )
    assert run(USES + "import pack.slow\nprint(pack.slow.VALUE)", slow) == "False\n7"


def test_all_of_its_names_are_imported(slow: Path) -> None:
    (slow / "pack" / "slow.py").write_text("__all__ = ['VALUE']\nVALUE = 7\nOTHER = 8\n")
    assert run(USES + "from pack.slow import *\nprint(VALUE, 'OTHER' in globals())", slow) == "7 False"


def test_another_thread_waits_until_it_is_filled(slow: Path) -> None:
    (slow / "pack" / "slow.py").write_text(
        "import __main__\n__main__.begun.set()\n__main__.go_on.wait(10)\nVALUE = 7\n"
    )
    text = """
import threading, pack.slow
begun, go_on, seen = threading.Event(), threading.Event(), []
both = [threading.Thread(target=lambda: seen.append(pack.slow.VALUE)) for _ in range(2)]
both[0].start()
begun.wait(10)
both[1].start()
both[1].join(0.05)
print(seen)
go_on.set()
for thread in both:
    thread.join()
print(seen)"""
    assert run(USES + text, slow) == "[]\n[7, 7]"


# Before, pip takes a name out of it at once.
TAKEN_AT_ONCE = {"pip._vendor.rich.traceback"} if Version(version("pip")) < Version("26.3") else set()


def test_what_compiles_is_imported_without_them() -> None:
    """Else they would be of no use here, or pip and pip-tools have changed."""
    text = "import hooks, candidates, resolving\n"
    text += "print(*[n for n in later.MODULES if type(sys.modules.get(n)) is later._Module])"
    assert set(run(text).split()) == later.MODULES - TAKEN_AT_ONCE
