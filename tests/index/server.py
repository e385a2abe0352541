"""A package index in this process, with chosen failures and a request log."""

from __future__ import annotations

import contextlib
import fnmatch
import hashlib
import socket
import socketserver
import sys
import threading
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal, Self

from tests.index.pages import JSON, Answer, File, Pages, listing_html, listing_json, redirect
from tests.index.wheels import Distribution, normalized

Failing = int | Literal["cut", "corrupt", "hang", "silence"]
Kind = Literal["simple", "metadata", "file", "legacy", "other"]

_FOREVER = "max-age=365000000, immutable, public"


@dataclass(frozen=True, slots=True)
class Request:
    """One request the index got."""

    method: str
    path: str
    kind: Kind


@dataclass(slots=True)
class _Failure:
    pattern: str
    how: Failing
    left: int | None


class PackageIndex:
    """A package index on a free port of 127.0.0.1; a context manager.

    ``json``, ``metadata`` and ``hashes`` switch PEP 691, PEP 658 and the hashes off, as older mirrors lack
    them; ``legacy`` switches ``/pypi/<name>/json``. ``latency_ms`` holds back each answer. All may be
    changed while it runs. Every page carries an ETag and must be asked for again; files are immutable.
    """

    def __init__(
        self,
        *,
        json: bool = True,
        metadata: bool = True,
        hashes: bool = True,
        legacy: bool = True,
        latency_ms: float = 0,
    ) -> None:
        self.json = json
        self.metadata = metadata
        self.hashes = hashes
        self.legacy = legacy
        self.latency_ms = latency_ms
        self.requests: list[Request] = []
        self.crashes: list[BaseException] = []
        self.closing = threading.Event()
        self._files: dict[str, dict[str, File]] = {}
        self._failures: list[_Failure] = []
        self._held = threading.Event()
        self._left: int | None = None
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.mend()
        self._server.shutdown()
        self._server.cut_connections()
        self._server.server_close()
        self._thread.join()
        if self.crashes:
            raise self.crashes[0]

    @property
    def url(self) -> str:
        """The address for ``--index-url``."""
        return f"{self.root}/simple"

    @property
    def root(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def add(
        self,
        name: str,
        version: str,
        requires: Sequence[str] = (),
        *,
        uploaded: str = "2026-01-01T00:00:00Z",
        yanked: str | None = None,
        extras: Mapping[str, Sequence[str]] | None = None,
        requires_python: str | None = None,
        files: Mapping[str, bytes] | None = None,
        scripts: Mapping[str, str] | None = None,
        tags: Sequence[str] = ("py3-none-any",),
        fields: Sequence[tuple[str, str]] = (),
        wheel: bool = True,
        sdist: bool = False,
    ) -> None:
        """Publish a release; ``yanked`` is the reason (PEP 592), which may be empty."""
        made = Distribution(
            name, version, requires, extras or {}, requires_python, files, scripts or {}, tags, fields
        )
        if wheel:
            self._publish(File(made, made.wheel_name, made.wheel(), made.metadata(), uploaded, yanked))
        if sdist:
            self._publish(File(made, made.sdist_name, made.sdist(), None, uploaded, yanked))

    def remove(self, name: str, version: str) -> None:
        """Take a release away, as a project that deletes it does."""
        with self._lock:
            files = self._files[normalized(name)]
            for filename in [key for key, file in files.items() if file.distribution.version == version]:
                del files[filename]

    def hash_of(self, filename: str) -> str:
        """Return the ``sha256:...`` of a file, as locks spell it."""
        file = self._file(filename)
        if file is None:
            raise LookupError(filename)
        return f"sha256:{file.sha256}"

    def fail(self, pattern: str, how: Failing, *, times: int | None = None) -> None:
        """Let requests fail whose path matches a shell pattern, ``times`` times or always.

        ``how`` is an HTTP status, or ``cut`` (the connection ends in the middle of the body), ``corrupt``
        (one wrong byte), ``hang`` (no answer until the index is mended, then the right one) or ``silence``
        (the connection ends without an answer).
        """
        with self._lock:
            self._failures.append(_Failure(pattern, how, times))

    def die_after(self, answers: int) -> None:
        """Answer that many requests, then cut each connection without a word until `mend`."""
        with self._lock:
            self._left = answers

    def mend(self) -> None:
        """End all failures, and answer those that hang."""
        with self._lock:
            self._failures.clear()
            self._left = None
            self._held.set()
            self._held = threading.Event()

    def hold(self) -> bool:
        """Wait until the index is mended; say whether it still answers then."""
        self._held.wait()
        return not self.closing.is_set()

    def paths(self, kind: Kind | None = None) -> list[str]:
        """Return the paths asked for so far, in order; of one kind or of all."""
        with self._lock:
            return [request.path for request in self.requests if kind in (None, request.kind)]

    def forget_requests(self) -> None:
        """Empty the request log."""
        with self._lock:
            self.requests.clear()

    def record(self, method: str, path: str) -> Failing | None:
        """Log a request and return how it is to fail, if so."""
        with self._lock:
            self.requests.append(Request(method, path, _kind(path)))
            if self._left is not None:
                self._left -= 1
                if self._left < 0:
                    return "silence"
            for failure in self._failures:
                if failure.left != 0 and fnmatch.fnmatchcase(path, failure.pattern):
                    failure.left = None if failure.left is None else failure.left - 1
                    return failure.how
        return None

    def answer(self, path: str, accept: str) -> Answer | None:
        """Return what a healthy index answers; None is a 404."""
        as_json = self.json and JSON in accept
        answer: Answer | None = None
        match path.strip("/").split("/"):
            case ["simple"]:
                names = sorted(self._files)
                answer = listing_json(names) if as_json else listing_html(names)
            case ["simple", name]:
                answer = self._project(path, name, as_json=as_json)
            case ["files", filename]:
                answer = self._download(filename)
            case ["pypi", name, "json"] if self.legacy:
                answer = self._pages.legacy(self._of(name), None)
            case ["pypi", name, version, "json"] if self.legacy:
                answer = self._pages.legacy(self._of(name), version)
            case [name, "json"] if self.legacy:  # where pip-tools asks; the public index redirects it too
                answer = redirect(f"/pypi/{name}/json", status=302)
        return answer

    @property
    def _pages(self) -> Pages:
        return Pages(self.root, self.metadata, self.hashes)

    def _project(self, path: str, name: str, *, as_json: bool) -> Answer | None:
        files = self._of(name)
        if not files:
            return None
        if path != f"/simple/{normalized(name)}/":
            return redirect(f"/simple/{normalized(name)}/", status=301)
        return self._pages.project_json(files) if as_json else self._pages.project_html(files)

    def _download(self, filename: str) -> Answer | None:
        file = self._file(filename.removesuffix(".metadata"))
        if file is None:
            return None
        if file.filename == filename:
            return Answer(file.content, "application/octet-stream", _FOREVER)
        if self.metadata and file.metadata is not None:
            return Answer(file.metadata, "text/plain; charset=utf-8", _FOREVER)
        return None

    def _publish(self, file: File) -> None:
        with self._lock:
            self._files.setdefault(normalized(file.distribution.name), {})[file.filename] = file

    def _file(self, filename: str) -> File | None:
        with self._lock:
            return next((files[filename] for files in self._files.values() if filename in files), None)

    def _of(self, name: str) -> list[File]:
        with self._lock:
            return list(self._files.get(normalized(name), {}).values())


class _Server(socketserver.ThreadingTCPServer):
    """Plain TCP: ``HTTPServer`` looks up the host's name when it binds, which can take half a minute."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, index: PackageIndex) -> None:
        self.index = index
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        # A client that was killed, or got all it wanted, is no fault of the index.
        if error is not None and not isinstance(error, ConnectionError):
            self.index.crashes.append(error)

    @contextlib.contextmanager
    def tracked(self, connection: socket.socket) -> Iterator[None]:
        self._open.add(connection)
        try:
            yield
        finally:
            self._open.discard(connection)

    def cut_connections(self) -> None:
        """End what clients keep alive, so that their threads end too."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """Headers and body leave in one segment: apart, each request would wait 40 ms for a delayed ACK."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        with self.server.tracked(self.connection):
            super().handle()

    def do_GET(self) -> None:
        index = self.server.index
        path = urllib.parse.unquote(self.path.partition("?")[0])
        failing = index.record(self.command, path)
        if index.latency_ms:
            index.closing.wait(index.latency_ms / 1000)
        if failing == "silence" or (failing == "hang" and not index.hold()):
            self.close_connection = True
        elif isinstance(failing, int):
            self._send(Answer(b"chosen failure\n", "text/plain", status=failing))
        else:
            answer = index.answer(path, self.headers.get("Accept", ""))
            self._send(answer or Answer(b"not found\n", "text/plain", status=404), failing)

    do_HEAD = do_GET  # noqa: N815 the base class looks methods up by this name

    def _send(self, answer: Answer, failing: str | None = None) -> None:
        tag = f'"{hashlib.sha256(answer.content).hexdigest()[:16]}"'
        unchanged = answer.status == 200 and self.headers.get("If-None-Match") == tag
        content = b"" if unchanged else answer.content
        self.send_response(304 if unchanged else answer.status)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", answer.cache_control)
        self.send_header("Vary", "Accept")
        self.send_header("ETag", tag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(_spoiled(content, failing))
        if failing == "cut":
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name is the base class's
        """Write nothing: the request log is data."""


def _spoiled(content: bytes, failing: str | None) -> bytes:
    middle = len(content) // 2
    if failing == "cut":
        return content[:middle]
    if failing == "corrupt" and content:
        return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
    return content


def _kind(path: str) -> Kind:
    if path.startswith("/files/"):
        return "metadata" if path.endswith(".metadata") else "file"
    if path.startswith("/simple/"):
        return "simple"
    return "legacy" if path.startswith("/pypi/") else "other"
