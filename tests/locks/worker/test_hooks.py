"""What stands between pip and the index: one request for each page, and nothing kept that must not be."""

from __future__ import annotations

import gzip
import importlib
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import bootstrap.locks.worker

JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def hooks() -> Iterator[ModuleType]:
    """Import the hooks as their program does: they lie beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(bootstrap.locks.worker.__file__).parent))
        yield importlib.import_module("hooks")


class Line:
    """Stands below: gives the answers one after the other, the last one for ever."""

    def __init__(self, hooks: ModuleType, *answers: Answer) -> None:
        self._hooks = hooks
        self._answers = list(answers)
        self.asked: list[str] = []
        self.on_ask: Callable[[], None] = lambda: None

    def send(self, request: Any, **_: Any) -> Any:
        self.asked.append(request.url)
        self.on_ask()
        status, headers, content = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        raw = self._hooks.HTTPResponse(io.BytesIO(content), headers, status, preload_content=False)
        return self._hooks.HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        pass


def request(hooks: ModuleType, url: str, method: str = "GET", **headers: str) -> Any:
    from pip._vendor.requests import Request

    return Request(method, url, headers=headers).prepare()


def page(name: str = "demo") -> str:
    return f"https://index.example/simple/{name}/"


def ask(adapter: Any, hooks: ModuleType, url: str, **headers: str) -> tuple[int, bytes]:
    answer = adapter.send(request(hooks, url, **{**JSON, **headers}))
    return answer.status_code, answer.content


def test_a_page_is_asked_for_once(hooks: ModuleType) -> None:
    line = Line(hooks, (200, {"Content-Type": "text/html", "ETag": "x"}, b"page"), (500, {}, b""))
    adapter = hooks.OneRequest(line)
    assert [ask(adapter, hooks, page()) for _ in range(3)] == [(200, b"page")] * 3
    assert line.asked == [page()]


def test_what_came_packed_can_be_read_again(hooks: ModuleType) -> None:
    content = b"page" * 1000
    packed = gzip.compress(content)
    headers = {"content-encoding": "gzip", "content-length": str(len(packed)), "Content-Type": "text/html"}
    adapter = hooks.OneRequest(Line(hooks, (200, headers, packed)))
    for _ in range(2):
        answer = adapter.send(request(hooks, page(), **JSON))
        assert (answer.content, answer.headers["Content-Type"]) == (content, "text/html")


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503, 301])
def test_only_a_page_is_kept(hooks: ModuleType, status: int) -> None:
    """A 401 makes pip ask again with credentials, and the others may be over by then."""
    line = Line(hooks, (status, {"Location": page("other")}, b"no"), (200, {}, b"page"))
    adapter = hooks.OneRequest(line)
    assert ask(adapter, hooks, page()) == (status, b"no")
    assert ask(adapter, hooks, page()) == (200, b"page")
    assert ask(adapter, hooks, page()) == (200, b"page")
    assert len(line.asked) == 2


def test_a_line_that_breaks_is_not_kept_either(hooks: ModuleType) -> None:
    line = Line(hooks, (200, {}, b"page"))
    adapter = hooks.OneRequest(line)

    def cut() -> None:
        if len(line.asked) == 1:
            raise hooks.once.threading.BrokenBarrierError

    line.on_ask = cut
    with pytest.raises(threading.BrokenBarrierError):
        ask(adapter, hooks, page())
    assert ask(adapter, hooks, page()) == (200, b"page")


@pytest.mark.parametrize(("status", "requests"), [(200, 1), (401, 4)])
def test_who_asks_meanwhile_gets_the_same(hooks: ModuleType, status: int, requests: int) -> None:
    line = Line(hooks, (status, {}, b"it"))
    adapter = hooks.OneRequest(line)
    begun, may_end = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert may_end.wait(10)

    line.on_ask = wait
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(ask, adapter, hooks, page())
        assert begun.wait(10)
        others = [pool.submit(ask, adapter, hooks, page()) for _ in range(3)]
        may_end.set()
        assert {one.result(10) for one in (first, *others)} == {(status, b"it")}
    assert len(line.asked) == requests


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("https://index.example/files/demo-1.0.tar.gz", {"Accept-Encoding": "identity"}),
        ("https://index.example/pypi/demo/json", {}),
    ],
)
def test_a_file_is_never_kept(hooks: ModuleType, url: str, headers: dict[str, str]) -> None:
    line = Line(hooks, (200, {}, b"file"))
    adapter = hooks.OneRequest(line)
    for _ in range(2):
        assert adapter.send(request(hooks, url, **headers)).content == b"file"
    assert len(line.asked) == 2


def test_metadata_is_kept(hooks: ModuleType) -> None:
    line = Line(hooks, (200, {}, b"Name: demo"))
    adapter = hooks.OneRequest(line)
    for _ in range(2):
        sent = request(hooks, "https://index.example/files/demo-1.0-py3-none-any.whl.metadata")
        assert adapter.send(sent).content == b"Name: demo"
    assert len(line.asked) == 1


def test_a_page_that_must_be_looked_at_again_is_the_caches_affair(hooks: ModuleType) -> None:
    """Below lies CacheControl, which turns a 304 into the page it has; a bare one is passed on."""
    adapter = hooks.OneRequest(Line(hooks, (304, {}, b"")))
    assert ask(adapter, hooks, page()) == (304, b"")


@pytest.mark.parametrize(
    ("tested", "outside"),
    [
        ({"pip": [[1, 0], [999, 0]]}, False),
        ({"pip": [[1, 0], [2, 0]]}, True),
        ({"pip": [[1, 0], [999, 0]], "pip-tools": [[998, 0], [999, 0]]}, True),
    ],
)
def test_versions_that_were_not_tested_are_named(
    hooks: ModuleType, tested: dict[str, Any], *, outside: bool
) -> None:
    found = hooks.outside(tested)
    assert (found is not None) is outside
    assert found is None or found.split()[0] in tested


@pytest.mark.parametrize(
    ("line", "extras", "expected"),
    [
        ("Requires-Dist: Odd_Name >=1", "", [("odd-name", [])]),
        ("Requires-Dist: web[b,a]>=1; python_version > '3'", "", [("web", ["a", "b"])]),
        ("Requires-Dist: web; python_version < '3'", "", []),
        ("Requires-Dist: web; extra == 'speed'", "", []),
        ("Requires-Dist: web; extra == 'speed'", "speed", [("web", [])]),
        ("Description: x\n\nRequires-Dist: web", "", []),
    ],
)
def test_what_a_distribution_requires(
    hooks: ModuleType, line: str, extras: str, expected: list[tuple[str, list[str]]]
) -> None:
    found = hooks._required(f"Name: demo\n{line}\n", frozenset(extras.split()))
    assert [(name, sorted(more)) for name, more, _ in found] == expected
