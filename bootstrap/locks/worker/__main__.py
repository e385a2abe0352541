"""Read a job, a line of standard input, compile its layers, and write what came of it to standard output.

The job is ``{"folder": path, "variables": {name: value}, "union": {"source", "lock"}, "layers": [{"source",
"lock", "command", "fresh"}], "options": [...], "tested": {"pip": [low, high], ...}, "locked": [[name,
version], ...], "metadata": path}``, its paths relative to the folder; ``fresh`` are the pins of a lock that
may stay as it is, or null; ``metadata`` is a file in which `kept` keeps texts, or empty. The answer is
``{"locks": {path: text}, "said": text}``, or ``{"failed": source, "said": text}``, or ``{"outside": "pip
99"}`` where the hooks were not tested. Where standard input ends, nobody waits for an answer any more.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

# ruff: noqa: E402 what is imported below is found, and loaded fast, by what is set first

# Nearly all that is loaded and made here is needed to the end: to look for what is not, as often as usual,
# takes a tenth of the time.
gc.set_threshold(200_000, 20, 50)
# Who started it early let signals wait meanwhile, and children begin as they are.
if hasattr(signal, "pthread_sigmask"):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
sys.path.insert(0, str(Path(__file__).resolve().parent))

# These lie beside this file, where -I does not look; two are imported for the places that they take.
import later

later.install()

import candidates  # noqa: F401
import fetching
import hooks
import resolving  # noqa: F401
from hooks import canonicalize_version
from shared import shared


class EndedError(Exception):
    """The job is over before all is done; holds the answer."""


def main() -> None:
    """Do the job and end at once: to take all apart takes long, and threads may still be at work."""
    job = json.loads(sys.stdin.readline() or "null")
    threading.Thread(target=end_with_who_asked, daemon=True).start()
    if job is None:
        os._exit(1)
    os.chdir(job["folder"])
    os.environ.update(job["variables"])
    try:
        done = answer(job)
    except EndedError as end:
        (done,) = end.args
    try:
        print(json.dumps(done), flush=True)
        if "locks" in done:
            shared.kept.save()
    finally:
        os._exit(0)


def end_with_who_asked() -> None:
    """End at once where standard input does: its other side was killed, and the next run may have begun."""
    sys.stdin.read()
    os._exit(1)


def answer(job: dict) -> dict:  # type: ignore[type-arg]
    """Return what is to be written."""
    outside = hooks.outside(job["tested"])
    if outside is not None:
        return {"outside": outside}
    shared.locked = frozenset((name, canonicalize_version(version)) for name, version in job["locked"])
    shared.kept.load(job["metadata"])
    hooks.install()
    fetching.listen()
    said = compile_layer(job["union"], job["options"])
    due = [layer for layer in job["layers"] if not is_in_union(layer["fresh"])]
    for layer in due:
        # What it held is a preference of the union already; here it would only be read once more.
        with contextlib.suppress(FileNotFoundError):
            Path(layer["lock"]).unlink()
        compile_layer(layer, job["options"])
    locks = {each["lock"]: Path(each["lock"]).read_text("utf-8") for each in due}
    return {"locks": locks, "said": said}


def is_in_union(pins: dict | None) -> bool:  # type: ignore[type-arg]
    """Say whether the union has all pins of a lock that is fresh: it would come out as it is."""
    return pins is not None and all(chosen_version(name) == version for name, version in pins.items())


def chosen_version(name: str) -> str | None:
    """Return the version of a package in the union as its lock has it; None for one from an address."""
    candidate = shared.union.mapping.get(name)
    ireq = None if candidate is None else candidate.get_install_requirement()
    return None if ireq is None or ireq.original_link is not None else str(candidate.version)


def compile_layer(layer: dict, options: list) -> str:  # type: ignore[type-arg]
    """Compile one layer and return what was said of it; raises ``EndedError`` where that fails."""
    os.environ["CUSTOM_COMPILE_COMMAND"] = layer.get("command", "union")
    paths = [f"--cache-dir={fetching.cache_folder()}", f"--output-file={layer['lock']}", layer["source"]]
    words = [*options, *layer.get("options", ()), *paths]
    with heard() as said:
        code = pip_compile(words)
    if code:
        raise EndedError({"failed": layer["source"], "said": said()})
    return str(said())


def pip_compile(words: list) -> int:  # type: ignore[type-arg]
    """Return the exit code of pip-compile; what it says of a failure is printed, as it prints the rest."""
    try:
        hooks.pip_compile.cli.main(words, prog_name="pip-compile", standalone_mode=False)
    except SystemExit as end:
        return int(end.code or 0)
    except (AttributeError, ImportError, KeyError, TypeError) as error:
        # So fails what takes hold of the inside of another program that has changed.
        raise EndedError({"outside": f"{type(error).__name__}: {error}"}) from None
    except Exception as error:  # noqa: BLE001 pip-compile lets pip's exceptions through; their text is the answer
        # pip's newer errors hold their words apart.
        words = [getattr(error, "message", error), getattr(error, "context", None) or ""]
        print(*shared.unfetched, f"ERROR: {type(error).__name__}:", *words, sep="\n", file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def heard() -> Iterator:  # type: ignore[type-arg]
    """Keep what is written to either stream, by Python or below it; yields a function that returns it."""
    with tempfile.TemporaryFile() as heard_file:
        kept = [(stream, os.dup(stream.fileno())) for stream in (sys.stdout, sys.stderr)]

        def text() -> str:
            heard_file.seek(0)
            return heard_file.read().decode("utf-8", "replace")

        spoken: list[str] = []
        try:
            for stream, _ in kept:
                stream.flush()
                os.dup2(heard_file.fileno(), stream.fileno())
            yield lambda: spoken[0]
        finally:
            for stream, descriptor in kept:
                stream.flush()
                os.dup2(descriptor, stream.fileno())
                os.close(descriptor)
            spoken.append(text())


main()
