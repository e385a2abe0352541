"""Reading requirement files and locks: before the first step, so that a mistake in them changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from bootstrap.errors import UsageError
from bootstrap.locks import layers, lockfile
from bootstrap.locks.layers import Layer
from bootstrap.setup.context import Context


def read(context: Context) -> None:
    """Put the layers, their files and their locks into the context.

    Raises ``UsageError`` for a file that cannot be understood and for a layer that does not exist.
    """
    root, folder = context.project.root, PurePosixPath(context.project.settings.requirements)
    context.seen.note(root / folder)
    listed = [*root.glob("*.in"), *(root / folder).glob("*.in")]
    paths = [PurePosixPath(path.relative_to(root).as_posix()) for path in listed if path.is_file()]

    def text_of(path: PurePosixPath) -> str | None:
        if path not in context.texts:
            content = context.seen.read(root / path)
            if content is None:
                return None
            context.texts[path] = _decode(content, path)
        return context.texts[path]

    with _named_by(context, "layers"):
        context.layers = layers.discover(paths, text_of, folder=folder, only=context.project.settings.layers)
    context.inputs = layers.read_inputs(context.layers, text_of)
    for layer in context.layers:
        text = text_of(layer.lock)
        if text is not None:
            context.locks[layer.lock] = lockfile.parse_lock(text, str(layer.lock))
    _read_referenced(context, text_of)
    layers.refuse_unknown(context.options.to_lock, [layer.name for layer in context.layers])
    chosen(context)


def chosen(context: Context) -> tuple[Layer, ...]:
    """Return the layers whose locks are installed.

    Raises ``UsageError`` for a layer that does not exist.
    """
    if context.options.layers:
        return layers.to_install(context.layers, context.options.layers)
    with _named_by(context, "install"):
        wanted = context.project.settings.install or layers.default_layers(context.layers)
        return layers.to_install(context.layers, wanted)


def _read_referenced(context: Context, text_of: layers.Read) -> None:
    """Read the files that a lock made by hand names by ``-r``: their pins are kept when it is taken over."""
    waiting = [target for path, lock in context.locks.items() for target in lockfile.referenced(path, lock)]
    for target in waiting:
        text = None if target in context.texts else text_of(target)
        if text is not None:
            waiting += lockfile.referenced(target, lockfile.parse_lock(text, str(target)))


@contextlib.contextmanager
def _named_by(context: Context, key: str) -> Iterator[None]:
    """Let the error for a layer that does not exist name the setting that asks for it."""
    try:
        yield
    except UsageError as error:
        line = None if context.environ.get(f"BOOTSTRAP_{key.upper()}") else context.project.setting_line(key)
        if error.problem.code == "unknown-layer" and line is not None:
            file = context.project.shown(context.project.pyproject)
            error.problem = replace(error.problem, file=file, line=line, key=key)
        raise


def _decode(content: bytes, path: PurePosixPath) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path} is not UTF-8 text", hint=f"save {path} as UTF-8", code="unparsable", file=str(path)
        ) from None
