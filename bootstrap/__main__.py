"""The entry: the no-op route first, else the command line."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    _keep_to_own_modules()
    from bootstrap import unchanged

    code = unchanged.answer(sys.argv[1:])
    if code is not None:
        return code
    import gc

    from bootstrap.system import signals

    signals.hold_back()
    # Most of what is made here lasts to the end: to look for what does not, as often as usual and once more
    # before the end, takes longer than to read a project.
    gc.set_threshold(50_000, 20, 50)
    from bootstrap.cli import early

    with early.head_start(sys.argv[1:]) as head_start:
        from bootstrap.cli import main as command_line

        code = command_line.run(sys.argv[1:], head_start)
    gc.freeze()
    return code


def _keep_to_own_modules() -> None:
    """Import nothing from the current folder or from PYTHONPATH: a ``json.py`` of the project may lie there.

    Where this package itself comes from is left in place.
    """
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    foreign = {os.path.abspath(folder) for folder in named if folder} - {own}
    if os.path.abspath(sys.path[0]) == os.getcwd() != own:
        del sys.path[0]
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) not in foreign]


if __name__ == "__main__":
    sys.exit(main())
