"""``bootstrap template update``: reading what is there, and writing what the plan says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bootstrap.errors import UsageError
from bootstrap.pythons import builds, version_file
from bootstrap.scaffold import new, record, templates, update
from bootstrap.scaffold.manifest import Manifest, Owner
from bootstrap.scaffold.record import Record
from bootstrap.scaffold.update import BESIDE, Update
from bootstrap.system import files


def look(root: Path) -> Update:
    """Say what an update of the project at ``root`` would do; nothing is written.

    Raises ``UsageError`` where it was made from no template, from one of a newer version of this tool, or
    with answers that the template does not know.
    """
    known = _read(root)
    template = templates.load(known.template)
    if known.version > template.version:
        raise UsageError(
            f"{record.NAME} is of version {known.version} of the template {template.name}, "
            f"and this bootstrap has version {template.version}",
            hint="update bootstrap: pipx upgrade bootstrap-cli",
            code="template-newer",
            file=record.NAME,
        )
    answers = replace(known.answers, values=_values(root, known, template))
    try:
        rendered = [one for one in new.files(template, answers) if one.owner is not Owner.USER]
    except KeyError as error:
        raise _unfit(template, error.args[0]) from None
    names = [name for one in rendered for name in (one.path, one.path + BESIDE)]
    there = {name: (root / name).read_bytes() for name in names if (root / name).is_file()}
    return update.plan(replace(known, version=template.version), rendered, there)


def apply(root: Path, what: Update) -> None:
    """Write it. Raises ``BootstrapError`` where a file cannot be written; running it again goes on."""
    for write in what.writes:
        path = root / write.path
        files.make_folder(path.parent)
        files.write_atomic(path, write.content)
    files.write_atomic(root / record.NAME, record.text(what.record).encode())


def _read(root: Path) -> Record:
    try:
        content = (root / record.NAME).read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"this project was made from no template: there is no {record.NAME}",
            hint="bootstrap new makes a project from one",
            code="no-template",
        ) from None
    return record.parse(content)


def _unfit(template: Manifest, name: str) -> UsageError:
    """Return what to tell where a feature is none of the template's, or one of its values is missing."""
    return UsageError(
        f"{record.NAME} does not fit the template {template.name} {template.version}: see {name}",
        hint=f"mend its features and values, or take {record.NAME} as git has it: git checkout {record.NAME}",
        code="unparsable",
        file=record.NAME,
    )


def _values(root: Path, known: Record, template: Manifest) -> dict[str, str]:
    """Return the values of old, but for the Python: that of ``.python-version`` may have moved since."""
    values = {**template.values, **(known.answers.values or {})}
    path = root / version_file.NAME
    words = version_file.parse(path.read_bytes(), version_file.NAME) if path.is_file() else ()
    build = builds.read(words[0].text) if words else None
    if build is not None and len(build.release) > 1:
        values["python-minor"] = builds.dotted(build.release[:2])
    return values
