"""``requires-python`` against the Python that was asked for or found."""

from __future__ import annotations

from packaging.specifiers import SpecifierSet

from bootstrap.errors import BootstrapError
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin, PythonRequest, parse
from bootstrap.pythons.specifiers import can_satisfy, minors


def check(request: PythonRequest, requires: Asked | None, interpreter: Interpreter | None = None) -> None:
    """Refuse a request, and with ``interpreter`` its answer, that the project's ``requires-python`` excludes.

    Without an interpreter only what is certain is refused: ``3.12`` agrees with ``>=3.12.5``.

    Raises ``BootstrapError`` with the code ``python-conflict``, naming both places; ``UsageError`` where
    ``requires-python`` cannot be understood.
    """
    if requires is None or request.asked.origin is Origin.REQUIRES:
        return
    specifiers = parse(requires).specifiers or SpecifierSet()
    version = interpreter.version if interpreter else request.wanted.version if request.wanted else ""
    if can_satisfy(specifiers, version):
        return
    asked = request.asked
    subject = f"{asked.source} asks for {request}"
    if interpreter is not None:
        subject += f", which is {interpreter} here"
    # The lowest minor version that fits is one that is sure to exist.
    fitting = next(iter(minors(specifiers)), None)
    raise BootstrapError(
        f"{subject}, but {requires.source} is {requires.text}",
        hint=asked.edit(fitting) if fitting else f"widen {requires.source}",
        code="python-conflict",
        file=asked.file or requires.file,
        line=asked.line if asked.file else requires.line,
    )
