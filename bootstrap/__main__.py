"""The entry: the no-op route first, else the command line."""

from __future__ import annotations

import sys

from bootstrap import unchanged


def main() -> int:
    """Run the command line and return its exit code."""
    code = unchanged.answer(sys.argv[1:])
    if code is not None:
        return code
    from bootstrap.cli import main as command_line

    return command_line.run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
