"""From a template and answers to files: replaced words, nothing conditional, nothing executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bootstrap.scaffold.manifest import Manifest, Owner

_NAME = "projectname"
_TOKEN = re.compile(r"@@([a-z-]+)@@")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a project was asked to be; ``without`` names the parts left out, ``values`` fill ``@@name@@``."""

    name: str
    features: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of the project to be; ``path`` is relative to it."""

    path: str
    content: bytes
    owner: Owner
    executable: bool = False


def render(template: Manifest, texts: Mapping[str, str], answers: Answers) -> tuple[Rendered, ...]:
    """Return the files of the project, by path; equal answers give equal bytes.

    Raises ``KeyError`` for a ``@@name@@`` that has no value: a mistake in the template.
    """
    return tuple(_file(template, path, text, answers) for path, text in sorted(texts.items()))


def _file(template: Manifest, path: str, text: str, answers: Answers) -> Rendered:
    whole = text + "".join(f"{line}\n" for line in template.added_lines(path, answers.features))
    return Rendered(
        replaced(path, answers),
        replaced(whole, answers).encode(),
        template.owner_of(path),
        path in template.executable,
    )


def replaced(text: str, answers: Answers) -> str:
    """Return a text of the template as the project has it."""
    values = answers.values or {}
    return _TOKEN.sub(lambda match: values[match[1]], text.replace(_NAME, answers.name))
