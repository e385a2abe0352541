"""What is fetched once serves all, and half an answer is none."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import logging
import subprocess
from importlib import metadata
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.locks.worker.conftest import Import

PAGE = "https://index.example/simple/demo/"
METADATA = "https://index.example/files/demo-1.0-py3-none-any.whl.metadata"
FILE = "https://index.example/files/demo-1.0.tar.gz"


@pytest.fixture
def fetching(engine: Import, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the module with nothing fetched yet."""
    module = engine("fetching")
    monkeypatch.setattr(module, "shared", engine("shared").Shared())
    return module


class Answer:
    """What the session gives for one request; ``sent`` bytes came of those that were told."""

    def __init__(self, url: str, content: bytes = b"0123456789", sent: int | None = None) -> None:
        self.url = url
        self.content = content
        self.ok = True
        self.headers = {"Content-Length": str(len(content))}
        self.elapsed = dt.timedelta(0)
        self.request = SimpleNamespace(method="GET", url=url)
        self.raw = SimpleNamespace(tell=lambda: len(content) if sent is None else sent)
        self.from_cache = False


@pytest.mark.parametrize("url", [PAGE, METADATA])
def test_half_an_answer_is_none(fetching: ModuleType, url: str) -> None:
    fetching._answered(Answer(url))
    with pytest.raises(fetching.hooks.http_errors.ConnectionError, match="broke off"):
        fetching._answered(Answer(url, sent=5))


def test_what_need_not_be_whole(fetching: ModuleType) -> None:
    """A file is read as it comes, and pip checks that itself; what tells no length has another end."""
    cached = Answer(PAGE, sent=0)
    cached.from_cache = True
    asked = Answer(PAGE, sent=0)
    asked.request.method = "HEAD"
    endless = Answer(PAGE, sent=0)
    endless.headers = {}
    for answer in (cached, asked, endless):
        fetching._answered(answer)
    fetching._answered(Answer(FILE, sent=0), stream=True)


def test_an_index_in_a_folder_has_no_requests(fetching: ModuleType, tmp_path: Path) -> None:
    """It is asked through pip's own session, whose answers for ``file:`` name no request."""
    from pip._internal.network.session import PipSession

    page = tmp_path / "index.html"
    page.write_text("<a href='demo-1.0-py3-none-any.whl'>demo</a>", encoding="utf-8")
    with PipSession() as session:
        session.hooks["response"].append(fetching._answered)
        with contextlib.closing(session.get(page.as_uri())) as answer:
            assert answer.ok


def test_what_was_waited_for_is_counted(fetching: ModuleType) -> None:
    for milliseconds in (0, 1, 20, 300):
        answer = Answer(PAGE)
        answer.elapsed = dt.timedelta(milliseconds=milliseconds)
        fetching._answered(answer)
    assert fetching.shared.slow == 2


class Session:
    """Gives one answer, and remembers what it was asked for."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[str] = []

    def get(self, url: str, **_: Any) -> Answer:
        self.asked.append(url)
        return self._answer


def metadata_link(fetching: ModuleType, digest: str | None) -> Any:
    hashes = {} if digest is None else {"sha256": digest}
    made = fetching.Link(METADATA.removesuffix(".metadata"), metadata_file_data=_told(fetching, hashes))
    return made.metadata_link()


def _told(fetching: ModuleType, hashes: dict[str, str]) -> Any:
    from pip._internal.models.link import MetadataFile

    return MetadataFile(hashes)


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        (None, "Name: demo"),
        ("8c4d1ba4ecc5d2bb4f2d9a5e0b4d1c5d0d2a3d5c0f7e0a2d8b6f7c4e2b1a9d3f", None),
        ("REAL", "Name: demo"),
    ],
)
def test_metadata_is_fetched_once_and_only_with_its_hash(
    fetching: ModuleType, digest: str | None, expected: str | None
) -> None:
    if digest == "REAL":
        digest = hashlib.sha256(b"Name: demo").hexdigest()
    fetching.shared.session = session = Session(Answer(METADATA, b"Name: demo"))
    link = metadata_link(fetching, digest)
    assert [fetching.metadata(link), fetching.metadata(link)] == [expected, expected]
    assert session.asked == [METADATA]


def test_metadata_that_is_kept_is_not_fetched(fetching: ModuleType, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"Name: demo\n\nlong").hexdigest()
    fetching.shared.session = session = Session(Answer(METADATA, b"Name: demo\n\nlong"))
    fetching.shared.kept.load(str(tmp_path / "kept.json"))
    assert fetching.metadata(metadata_link(fetching, digest)) == "Name: demo"
    fetching.shared.kept.save()
    fetching.shared.__init__()
    fetching.shared.kept.load(str(tmp_path / "kept.json"))
    assert fetching.metadata(metadata_link(fetching, digest)) == "Name: demo"
    assert session.asked == [METADATA]


def test_metadata_is_kept_by_its_own_hash_whatever_an_index_tells(
    fetching: ModuleType, tmp_path: Path
) -> None:
    """To pip one right hash is enough: with a sha256 of another file, it would be taken for that one."""
    content, other = b"Name: demo", hashlib.sha256(b"Name: other").hexdigest()
    data = _told(fetching, {"sha256": other, "md5": hashlib.md5(content, usedforsecurity=False).hexdigest()})
    link = fetching.Link(METADATA.removesuffix(".metadata"), metadata_file_data=data).metadata_link()
    fetching.shared.session = Session(Answer(METADATA, content))
    fetching.shared.kept.load(str(tmp_path / "kept.json"))
    fetching.metadata(link)
    fetching.shared.kept.save()
    fetching.shared.kept.load(str(tmp_path / "kept.json"))
    assert fetching.shared.kept.find(other) is None
    assert fetching.shared.kept.find(hashlib.sha256(content).hexdigest()) == "Name: demo"


def test_metadata_that_is_no_text_is_for_pip_to_judge(fetching: ModuleType) -> None:
    fetching.shared.session = Session(Answer(METADATA, b"Name: d\xe9mo"))
    assert fetching.metadata(metadata_link(fetching, None)) is None


def test_metadata_that_is_not_there(fetching: ModuleType) -> None:
    answer = Answer(METADATA)
    answer.ok = False
    fetching.shared.session = Session(answer)
    assert fetching.metadata(metadata_link(fetching, None)) is None


class Collector:
    """Stands for pip's: says what it says of a page it cannot fetch, and returns None."""

    def __init__(self, fetching: ModuleType, said: str) -> None:
        self._logger = logging.getLogger(fetching.hooks.collector.__name__)
        self._said = said
        self.asked = 0

    def fetch_response(self, link: Any, **_: Any) -> None:
        self.asked += 1
        self._logger.debug("Could not fetch URL %s: %s - skipping", link, self._said)


@pytest.fixture
def listening(fetching: ModuleType) -> Any:
    """Let the module hear what pip says for as long as the test lasts."""
    logger = logging.getLogger(fetching.hooks.collector.__name__)
    level, handlers = logger.level, list(logger.handlers)
    fetching.listen()
    yield
    logger.setLevel(level)
    logger.handlers[:] = handlers


@pytest.mark.parametrize(
    "said", ["404 Client Error: Not Found for url: x", "403 Client Error: Forbidden for url: x"]
)
def test_a_page_that_the_index_refuses_is_none(fetching: ModuleType, listening: None, said: str) -> None:
    collector = Collector(fetching, said)
    finder = SimpleNamespace(_link_collector=collector)
    for _ in range(2):
        assert fetching.page(finder, fetching.Link(PAGE), "demo") is None
    assert collector.asked == 1


@pytest.mark.parametrize(
    "said",
    [
        "500 Server Error: Down for url: x",
        "429 Client Error: Too Many Requests for url: x",
        "connection error: refused",
    ],
)
def test_an_index_without_an_answer_ends_it(fetching: ModuleType, listening: None, said: str) -> None:
    """pip would take what another index has, which may be older, or somebody else's."""
    finder = SimpleNamespace(_link_collector=Collector(fetching, said))
    for _ in range(2):
        with pytest.raises(fetching.UnfetchedError, match="Could not fetch URL"):
            fetching.page(finder, fetching.Link(PAGE), "demo")
    assert len(fetching.shared.unfetched) == 2


def test_pip_names_itself_without_asking_other_programs(
    fetching: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(subprocess, "Popen", start)
    told = fetching.user_agent(None)()
    name, _, facts = told.partition(" ")
    assert name == f"pip/{metadata.version('pip')}"
    assert json.loads(facts)["installer"]["name"] == "pip"
