"""What an index shows of its files: simple pages in JSON (PEP 691, 700) and HTML (PEP 503), legacy pages."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.index.wheels import Distribution, normalized

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for one request."""

    content: bytes
    content_type: str
    cache_control: str = "no-cache"
    status: int = 200
    location: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One published file; ``metadata`` is None for an sdist, ``yanked`` for a file in good standing."""

    distribution: Distribution
    filename: str
    content: bytes
    metadata: bytes | None
    uploaded: str
    yanked: str | None

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one index at ``root``, with or without PEP 658 metadata and hashes."""

    root: str
    metadata: bool
    hashes: bool

    def project_json(self, files: Sequence[File]) -> Answer:
        """Return a project's page after PEP 691 and 700."""
        return _json_page(
            {
                "meta": {"api-version": "1.1"},
                "name": normalized(files[0].distribution.name),
                "versions": list(dict.fromkeys(file.distribution.version for file in files)),
                "files": [self._details(file) for file in files],
            }
        )

    def project_html(self, files: Sequence[File]) -> Answer:
        """Return a project's page after PEP 503; it holds no upload times."""
        return _html_page([self._anchor(file) for file in files])

    def legacy(self, files: Sequence[File], version: str | None) -> Answer | None:
        """Return what the public index answers at ``/pypi/<name>/json``; None for an unknown version."""
        releases: dict[str, list[dict[str, Any]]] = {}
        for file in files:
            releases.setdefault(file.distribution.version, []).append(self._legacy_file(file))
        shown = version or next(reversed(releases), "")
        if shown not in releases:
            return None
        info = {"name": files[0].distribution.name, "version": shown}
        page: dict[str, Any] = {"info": info, "urls": releases[shown], "vulnerabilities": []}
        return _json_page(page if version else page | {"releases": releases}, "application/json")

    def _details(self, file: File) -> dict[str, Any]:
        details: dict[str, Any] = {
            "filename": file.filename,
            "url": f"{self.root}/files/{file.filename}",
            "hashes": {"sha256": file.sha256} if self.hashes else {},
            "size": len(file.content),
            "upload-time": file.uploaded,
            "yanked": False if file.yanked is None else file.yanked or True,
        }
        if file.distribution.requires_python:
            details["requires-python"] = file.distribution.requires_python
        if self.metadata and file.metadata is not None:
            digest = hashlib.sha256(file.metadata).hexdigest()
            details["core-metadata"] = {"sha256": digest} if self.hashes else True
        return details

    def _anchor(self, file: File) -> str:
        attributes = {}
        if file.distribution.requires_python:
            attributes["data-requires-python"] = file.distribution.requires_python
        if file.yanked is not None:
            attributes["data-yanked"] = file.yanked
        if self.metadata and file.metadata is not None:
            digest = hashlib.sha256(file.metadata).hexdigest()
            attributes["data-core-metadata"] = f"sha256={digest}" if self.hashes else "true"
            attributes["data-dist-info-metadata"] = attributes[
                "data-core-metadata"
            ]  # the name before PEP 714
        written = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
        fragment = f"#sha256={file.sha256}" if self.hashes else ""
        return f'<a href="/files/{file.filename}{fragment}"{written}>{file.filename}</a>'

    def _legacy_file(self, file: File) -> dict[str, Any]:
        return {
            "filename": file.filename,
            "url": f"{self.root}/files/{file.filename}",
            "packagetype": "sdist" if file.filename.endswith(".tar.gz") else "bdist_wheel",
            "digests": {"sha256": file.sha256} if self.hashes else {},
            "size": len(file.content),
            "upload_time_iso_8601": file.uploaded,
            "requires_python": file.distribution.requires_python,
            "yanked": file.yanked is not None,
            "yanked_reason": file.yanked or None,
        }


def listing_json(names: Sequence[str]) -> Answer:
    """Return the list of all projects after PEP 691."""
    return _json_page({"meta": {"api-version": "1.1"}, "projects": [{"name": name} for name in names]})


def listing_html(names: Sequence[str]) -> Answer:
    """Return the list of all projects after PEP 503."""
    return _html_page([f'<a href="/simple/{name}/">{name}</a>' for name in names])


def redirect(location: str, *, status: int) -> Answer:
    """Send the client elsewhere."""
    return Answer(b"", "text/plain", status=status, location=location)


def _json_page(page: Mapping[str, Any], content_type: str = JSON) -> Answer:
    return Answer(json.dumps(page).encode(), content_type)


def _html_page(anchors: Sequence[str]) -> Answer:
    body = "".join(f"{anchor}<br>\n" for anchor in anchors)
    head = '<meta name="pypi:repository-version" content="1.1">'
    return Answer(f"<!DOCTYPE html><html><head>{head}</head><body>\n{body}</body></html>\n".encode(), HTML)
