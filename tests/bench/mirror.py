"""A package index for measuring; runs in a process of its own: ``python -P -m tests.bench.mirror FOLDER``.

Its pages are as long as the public index's, packed, with the same headers (ETag, ``max-age=600``) and the
JSON API at ``/pypi/<name>/json`` alone. It speaks TLS, since pip keeps nothing that came without; the
certificate is made by ``openssl`` in the folder that it is given. The first line it prints is its address.

``/-/set?latency=25&plain=1`` changes it: ``latency`` is in milliseconds for each answer, and twice that for
a new connection. ``plain`` makes it a mirror of the simplest kind: HTML, no metadata files, nothing that may
be kept, and a JSON API whose addresses are not those of the pages. ``/-/requests`` returns how many requests
of each kind there were, and forgets them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.bench import packages
from tests.bench.packages import File
from tests.index.pages import HTML, JSON

_KEPT = {JSON: 600, HTML: 600, "application/json": 900}
_FOREVER = 365000000


class Body(NamedTuple):
    """What is sent, and its ETag; packed where the client takes that."""

    plain: bytes
    packed: bytes | None
    kind: str
    tag: str


class Mirror:
    """The settings, the counts, and the pages made so far."""

    def __init__(self) -> None:
        self.root = ""
        self.latency = 0.0
        self.plain = False
        self.requests: Counter[str] = Counter()
        self.lock = threading.Lock()

    def answer(self, path: str, query: str, accept: str) -> Body | None:
        match path.strip("/").split("/"):
            case ["-", "set"]:
                settings = dict(parse_qsl(query))
                self.latency = float(settings.get("latency", 0)) / 1000
                self.plain = settings.get("plain") == "1"
                return _body(b"{}", "application/json")
            case ["-", "requests"]:
                with self.lock:
                    counts, self.requests = self.requests, Counter()
                return _body(json.dumps(counts).encode(), "application/json")
            case ["simple", name] if packages.files(name):
                as_json = JSON in accept and not self.plain
                return _json_page(self.root, name) if as_json else _html_page(name, plain=self.plain)
            case ["pypi", name, "json"] if packages.files(name):
                return _legacy(f"{self.root}/elsewhere" if self.plain else f"{self.root}/files", name)
            case ["files", filename]:
                return self._file(filename)
        return None

    def _file(self, filename: str) -> Body | None:
        file = _by_filename(filename.removesuffix(".metadata"))
        if file is None:
            return None
        if not filename.endswith(".metadata"):
            return _body(packages.content(file), "application/octet-stream")
        return None if self.plain else _body(file.distribution.metadata(), "text/plain")


def _body(content: bytes, kind: str) -> Body:
    packed = gzip.compress(content, 6, mtime=0) if kind in _KEPT else None
    return Body(content, packed, kind, f'"{hashlib.sha256(content).hexdigest()[:16]}"')


@cache
def _json_page(root: str, name: str) -> Body:
    listed = [_details(file, f"{root}/files") for file in packages.files(name)]
    versions = list(dict.fromkeys(file.version for file in packages.files(name)))
    page = {"meta": {"api-version": "1.3"}, "name": name, "versions": versions, "files": listed}
    return _body(json.dumps(page).encode(), JSON)


def _details(file: File, root: str) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "url": f"{root}/{file.filename}",
        "hashes": {"sha256": packages.sha256(file)},
        "requires-python": ">=3.8",
        "size": 12345,
        "upload-time": "2026-01-01T00:00:00.000000Z",
        "yanked": False,
        "provenance": None,
        **({"core-metadata": {"sha256": packages.metadata_sha256(file)}} if file.tag else {}),
    }


@cache
def _html_page(name: str, *, plain: bool) -> Body:
    lines = [_anchor(file, plain=plain) for file in packages.files(name)]
    return _body(f"<!DOCTYPE html>\n<html><body>\n{''.join(lines)}</body></html>\n".encode(), HTML)


def _anchor(file: File, *, plain: bool) -> str:
    more = "" if plain or not file.tag else f' data-core-metadata="sha256={packages.metadata_sha256(file)}"'
    where = f'/files/{file.filename}#sha256={packages.sha256(file)}" data-requires-python="&gt;=3.8"{more}'
    return f'<a href="{where}>{file.filename}</a><br />\n'


@cache
def _legacy(root: str, name: str) -> Body:
    releases: dict[str, list[dict[str, Any]]] = {}
    for file in packages.files(name):
        details = {
            "filename": file.filename,
            "url": f"{root}/{file.filename}",
            "packagetype": "bdist_wheel" if file.tag else "sdist",
            "digests": {"sha256": packages.sha256(file)},
            "size": 12345,
            "yanked": False,
        }
        releases.setdefault(file.version, []).append(details)
    newest = next(reversed(releases))
    page = {"info": {"name": name, "version": newest}, "urls": releases[newest], "releases": releases}
    return _body(json.dumps(page).encode(), "application/json")


@cache
def _files(name: str) -> dict[str, File]:
    return {file.filename: file for file in packages.files(name)}


def _by_filename(filename: str) -> File | None:
    """Return the file of that name; a wheel's name spells the project's with underscores."""
    name = filename.partition("-")[0].replace("_", "-")
    return _files(name).get(filename)


class _Handler(BaseHTTPRequestHandler):
    """Headers and body leave in one segment: apart, each request would wait 40 ms for a delayed ACK."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    mirror: Mirror

    def setup(self) -> None:
        self.request.do_handshake()  # here, as this is a thread of its own
        super().setup()
        time.sleep(self.mirror.latency * 2)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        body = self.mirror.answer(asked.path, asked.query, self.headers.get("Accept", ""))
        if asked.path.startswith("/-/"):
            self._send(body, 200)
            return
        time.sleep(self.mirror.latency)
        if body is None:
            self._send(None, 404)
        elif self.headers.get("If-None-Match") == body.tag:
            self._send(body, 304)
        else:
            self._send(body, 200)

    def _send(self, body: Body | None, status: int) -> None:
        if not self.path.startswith("/-/"):
            with self.mirror.lock:
                self.mirror.requests[_kind(self.path, status)] += 1
        self.send_response(status)
        content = b"" if body is None else self._described(body)
        content = content if status == 200 else b""
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _described(self, body: Body) -> bytes:
        if not self.mirror.plain:
            self.send_header("ETag", body.tag)
            self.send_header("Cache-Control", f"max-age={_KEPT.get(body.kind, _FOREVER)}, public")
        self.send_header("Content-Type", body.kind)
        self.send_header("Vary", "Accept, Accept-Encoding")
        if body.packed is None or "gzip" not in self.headers.get("Accept-Encoding", ""):
            return body.plain
        self.send_header("Content-Encoding", "gzip")
        return body.packed

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the base class's
        """Write nothing."""


def _kind(path: str, status: int) -> str:
    words: Sequence[str] = path.strip("/").split("/")
    named = {"simple": "pages", "pypi": "JSON API", "files": "files"}.get(words[0], "other")
    kind = "metadata" if path.endswith(".metadata") else named
    return kind if status == 200 else f"{kind} {status}"


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Write nothing: uv ends connections without a word."""


def main() -> None:
    folder = Path(sys.argv[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(folder))
    mirror = Mirror()
    _Handler.mirror = mirror
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        mirror.root = f"https://localhost:{server.server_address[1]}"
        print(mirror.root, flush=True)
        server.serve_forever()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine and its key; its name is what clients are told to trust."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    extensions = ["-addext", names, "-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run([*words, *extensions, "-keyout", key, "-out", made], check=True, capture_output=True)
    return made, key


if __name__ == "__main__":
    main()
