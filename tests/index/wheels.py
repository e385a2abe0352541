"""Wheels and source distributions made in memory: the same bytes, hence the same hashes, on every machine."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_BACKEND = """\
import base64, pathlib

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    packed, = pathlib.Path(__file__).parent.glob("*.whl.base64")
    wheel = pathlib.Path(wheel_directory, packed.stem)
    wheel.write_bytes(base64.b64decode(packed.read_bytes()))
    return wheel.name
"""
_PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


@dataclass(frozen=True, slots=True)
class Distribution:
    """One release of a fake package.

    ``files`` maps paths below site-packages to their content; by default the package holds one module with
    its version. ``scripts`` maps console scripts to ``module:function``. ``extras`` maps an extra's name to
    what it requires. ``fields`` are further lines of the core metadata, such as ``License-Expression``.
    """

    name: str
    version: str
    requires: Sequence[str] = ()
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    requires_python: str | None = None
    files: Mapping[str, bytes] | None = None
    scripts: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ("py3-none-any",)
    fields: Sequence[tuple[str, str]] = ()

    @property
    def wheel_name(self) -> str:
        """The wheel's file name; several tags that differ in the platform alone are one compressed tag."""
        python, abi, _ = self.tags[0].split("-", 2)
        platforms = ".".join(tag.split("-", 2)[2] for tag in self.tags)
        return f"{self._escaped}-{self.version}-{python}-{abi}-{platforms}.whl"

    @property
    def sdist_name(self) -> str:
        """The source distribution's file name."""
        return f"{self._escaped}-{self.version}.tar.gz"

    @property
    def _escaped(self) -> str:
        return normalized(self.name).replace("-", "_")

    def metadata(self) -> bytes:
        """Return the core metadata, as the wheel holds it and PEP 658 serves it."""
        lines = ["Metadata-Version: 2.1", f"Name: {self.name}", f"Version: {self.version}"]
        lines += [f"{key}: {value}" for key, value in self.fields]
        if self.requires_python:
            lines.append(f"Requires-Python: {self.requires_python}")
        lines += [f"Requires-Dist: {requirement}" for requirement in self.requires]
        for extra, requirements in self.extras.items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f"Requires-Dist: {_for_extra(requirement, extra)}" for requirement in requirements]
        return ("\n".join(lines) + "\n").encode()

    def wheel(self) -> bytes:
        """Return the wheel (PEP 427), stored without compression and with fixed times."""
        folder = f"{self._escaped}-{self.version}.dist-info"
        members = dict(self._modules())
        members[f"{folder}/METADATA"] = self.metadata()
        members[f"{folder}/WHEEL"] = self._wheel_file()
        if self.scripts:
            lines = [f"{script} = {target}\n" for script, target in self.scripts.items()]
            members[f"{folder}/entry_points.txt"] = "".join(["[console_scripts]\n", *lines]).encode()
        record = f"{folder}/RECORD"
        rows = [f"{path},sha256={_record_hash(data)},{len(data)}\n" for path, data in members.items()]
        members[record] = "".join([*rows, f"{record},,\n"]).encode()
        return _zipped(members)

    def sdist(self) -> bytes:
        """Return a source distribution that any installer builds offline: its backend hands out the wheel."""
        members = {
            "PKG-INFO": self.metadata(),
            "pyproject.toml": _PYPROJECT.encode(),
            "backend.py": _BACKEND.encode(),
            # As it is, pip before 26.1 would take the whole archive for a zip file.
            f"{self.wheel_name}.base64": base64.b64encode(self.wheel()),
        }
        return _tarred(f"{self._escaped}-{self.version}", members)

    def _modules(self) -> Mapping[str, bytes]:
        if self.files is not None:
            return self.files
        module = self._escaped
        functions = {target.partition(":")[2] for target in self.scripts.values()}
        body = f'__version__ = "{self.version}"\n'
        body += "".join(
            f'\n\ndef {name}():\n    print("{self.name} {self.version}")\n' for name in sorted(functions)
        )
        return {f"{module}/__init__.py": body.encode()}

    def _wheel_file(self) -> bytes:
        tags = "".join(f"Tag: {tag}\n" for tag in self.tags)
        return f"Wheel-Version: 1.0\nGenerator: bootstrap-tests\nRoot-Is-Purelib: true\n{tags}".encode()


def normalized(name: str) -> str:
    """Return a package's name as indexes spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _for_extra(requirement: str, extra: str) -> str:
    base, _, marker = requirement.partition(";")
    condition = f"({marker.strip()}) and " if marker else ""
    return f"{base.strip()} ; {condition}extra == '{extra}'"


def _record_hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, data in members.items():
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix on every machine, else the bytes differ
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _tarred(folder: str, members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=0, mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, data in members.items():
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
