"""The machine a run happens on: its environment variables, its platform, its folders for caches and logs."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bootstrap.errors import BootstrapError

# Each of these makes a child Python look somewhere else than the environment it is started for;
# __PYVENV_LAUNCHER__ and PYTHONEXECUTABLE do so on macOS. The GIT_ ones are set inside git hooks
# (`git rev-parse --local-env-vars`) and make git look at the hook's repository from anywhere. COLUMNS is the
# width of a terminal that no child writes to: uv breaks its errors there, amid what is looked for.
_MISLEADING = (
    "COLUMNS",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
    "PYTHONEXECUTABLE",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
)
# Every option of pip and most of uv's can be given as a variable: the target, the hashes, a constraint. What
# says where packages come from is read from there and handed on by name (``bootstrap/pip/configuration.py``);
# of uv's, those remain that say how it works and not what comes of it.
_OF_INSTALLERS = re.compile(
    r"PIP_.*|UV_(?!(CACHE_DIR|LINK_MODE|NO_CACHE|SYSTEM_CERTS|NATIVE_TLS|COMPILE_BYTECODE)$"
    r"|(CONCURRENT|HTTP|PYTHON|PYPY)_).*"
)


def environment() -> Mapping[str, str]:
    """Return the variables this process was started with."""
    return os.environ


def child_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables for a child process: ours, without those that lead it astray, and ``extra``."""
    variables = {
        name: value
        for name, value in os.environ.items()
        if name not in _MISLEADING and not _OF_INSTALLERS.fullmatch(name)
    }
    variables |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUTF8": "1"}
    return variables | dict(extra or {})


def platform() -> str:
    """Return the platform as ``sys.platform`` names it; everything below takes it as a value."""
    return sys.platform


def own_interpreter() -> Path:
    """Return the Python that runs this tool."""
    return Path(sys.executable)


def own_base() -> Path:
    """Return the file of the Python that this tool's environment was made from."""
    return Path(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))


def own_prefix() -> Path:
    """Return the environment this tool is installed in."""
    return Path(sys.prefix)


def home() -> Path:
    """Return the user's home folder.

    Raises ``BootstrapError`` where the system knows none: a container may run under a number without an
    account.
    """
    try:
        return Path.home()
    except RuntimeError:
        raise BootstrapError(
            "this user has no home folder, so there is no place for caches",
            hint="set HOME to a folder that this user may write",
            code="no-home",
        ) from None


def cache_folder() -> Path:
    """Return the user's folder for what this tool can make again; ``BOOTSTRAP_CACHE_DIR`` moves it.

    Raises ``BootstrapError`` as `home` does: platformdirs would name a folder ``~`` in the project.
    """
    import platformdirs

    chosen = os.environ.get("BOOTSTRAP_CACHE_DIR")
    if chosen:
        return Path(chosen)
    home()
    return platformdirs.user_cache_path("bootstrap", appauthor=False)


def log_folder() -> Path:
    """Return the folder for the log of an unexpected error; raises ``BootstrapError`` as `home` does."""
    import platformdirs

    home()
    return platformdirs.user_log_path("bootstrap", appauthor=False)


def seconds() -> float:
    """Return a clock that never goes back, in seconds."""
    return time.monotonic()


def nanoseconds_now() -> int:
    """Return the wall clock in nanoseconds since 1970, as file times are."""
    return time.time_ns()


def process_id() -> int:
    """Return the number of this process."""
    return os.getpid()


def parent_process() -> str | None:
    """Return the name of the program that started this one, where the system tells it in a file."""
    try:
        return Path(f"/proc/{os.getppid()}/comm").read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
