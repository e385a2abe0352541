"""Modules whose code waits until it is used are, when it is, what they always were."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

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


@pytest.mark.skipif(version("pip") < "26", reason="pip 25 takes a name out of one of them at once")
def test_compiling_uses_none_of_them() -> None:
    """Else they would be of no use here, or pip and pip-tools have changed."""
    text = "import hooks, candidates, resolving\nprint(*[n for n in later.MODULES if n in sys.modules"
    assert run(f"{text} and type(sys.modules[n]).__name__ != '_Module'])") == ""
