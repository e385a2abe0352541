from __future__ import annotations

import hashlib
import http.client
import json
import threading
import urllib.error
import urllib.request

import pytest

from tests.index.server import Failing, PackageIndex

_JSON = {"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.1"}


def get(index: PackageIndex, path: str, headers: dict[str, str] | None = None) -> bytes:
    request = urllib.request.Request(index.root + path, headers=headers or {})
    with urllib.request.urlopen(request) as answer:
        content: bytes = answer.read()
    return content


def status_of(index: PackageIndex, path: str, headers: dict[str, str] | None = None) -> int:
    try:
        get(index, path, headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return 200


def test_the_json_page_tells_hashes_times_and_yanks(index: PackageIndex) -> None:
    index.add("Demo", "1.0", uploaded="2025-05-05T00:00:00Z", requires_python=">=3.9")
    index.add("demo", "2.0", yanked="broken")
    page = json.loads(get(index, "/simple/demo/", _JSON))
    first, second = page["files"]
    assert page["versions"] == ["1.0", "2.0"]
    assert first["upload-time"] == "2025-05-05T00:00:00Z"
    assert first["requires-python"] == ">=3.9"
    assert first["yanked"] is False
    assert second["yanked"] == "broken"
    content = get(index, "/files/demo-1.0-py3-none-any.whl")
    assert hashlib.sha256(content).hexdigest() == first["hashes"]["sha256"]
    assert index.hash_of("demo-1.0-py3-none-any.whl") == f"sha256:{first['hashes']['sha256']}"
    metadata = get(index, "/files/demo-1.0-py3-none-any.whl.metadata")
    assert hashlib.sha256(metadata).hexdigest() == first["core-metadata"]["sha256"]


def test_the_html_page_is_what_is_left_without_json(index: PackageIndex) -> None:
    index.add("demo", "1.0", yanked='says "no"', requires_python=">=3.9")
    index.json = False
    page = get(index, "/simple/demo/", _JSON).decode()
    assert 'data-yanked="says &quot;no&quot;"' in page
    assert 'data-requires-python="&gt;=3.9"' in page
    assert "#sha256=" in page
    assert "data-core-metadata" in page


def test_hashes_and_metadata_can_be_missing(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    index.hashes = index.metadata = False
    (file,) = json.loads(get(index, "/simple/demo/", _JSON))["files"]
    assert file["hashes"] == {}
    assert "core-metadata" not in file
    assert status_of(index, "/files/demo-1.0-py3-none-any.whl.metadata") == 404
    index.json = False
    assert b"sha256" not in get(index, "/simple/demo/")


def test_the_legacy_page_has_digests_for_each_release(index: PackageIndex) -> None:
    index.add("demo", "1.0", sdist=True)
    index.add("demo", "1.1")
    page = json.loads(get(index, "/pypi/demo/json"))
    assert [file["packagetype"] for file in page["releases"]["1.0"]] == ["bdist_wheel", "sdist"]
    assert page["releases"]["1.1"][0]["digests"]["sha256"] in index.hash_of("demo-1.1-py3-none-any.whl")
    assert json.loads(get(index, "/pypi/demo/1.0/json"))["vulnerabilities"] == []
    index.legacy = False
    assert status_of(index, "/pypi/demo/json") == 404


def test_the_listing_names_the_projects(index: PackageIndex) -> None:
    index.add("b", "1")
    index.add("a", "1")
    assert json.loads(get(index, "/simple/", _JSON))["projects"] == [{"name": "a"}, {"name": "b"}]
    index.json = False
    assert b'<a href="/simple/a/">' in get(index, "/simple/", _JSON)


def test_other_spellings_of_a_name_lead_to_the_normal_one(index: PackageIndex) -> None:
    index.add("some-thing", "1.0")
    assert b"some_thing-1.0" in get(index, "/simple/Some_Thing/")
    assert index.paths() == ["/simple/Some_Thing/", "/simple/some-thing/"]


def test_an_unchanged_page_is_not_sent_again(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    with urllib.request.urlopen(f"{index.url}/demo/") as answer:
        tag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache"
    assert status_of(index, "/simple/demo/", {"If-None-Match": tag}) == 304
    index.add("demo", "1.1")
    assert status_of(index, "/simple/demo/", {"If-None-Match": tag}) == 200


def test_one_connection_serves_many_requests(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    connection = http.client.HTTPConnection(*index.root.removeprefix("http://").split(":"))  # type: ignore[arg-type]
    for _ in range(3):
        connection.request("GET", "/simple/demo/")
        assert connection.getresponse().read()
    connection.request("HEAD", "/files/demo-1.0-py3-none-any.whl")
    assert connection.getresponse().read() == b""
    connection.close()
    assert [request.method for request in index.requests] == ["GET"] * 3 + ["HEAD"]
    assert index.paths("file") == ["/files/demo-1.0-py3-none-any.whl"]


def test_a_release_can_vanish(index: PackageIndex) -> None:
    index.add("demo", "1.0", sdist=True)
    index.add("demo", "2.0")
    index.remove("demo", "1.0")
    assert json.loads(get(index, "/simple/demo/", _JSON))["versions"] == ["2.0"]


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_chosen_path_fails_a_chosen_number_of_times(index: PackageIndex, status: int) -> None:
    index.add("demo", "1.0")
    index.add("other", "1.0")
    index.fail("/simple/demo/*", status, times=2)
    assert [status_of(index, "/simple/demo/") for _ in range(3)] == [status, status, 200]
    assert status_of(index, "/simple/other/") == 200


def test_failures_can_be_mended(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    index.fail("*", 500)
    assert status_of(index, "/simple/demo/") == 500
    index.mend()
    assert status_of(index, "/simple/demo/") == 200


def test_half_a_page_ends_the_connection(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    index.fail("/simple/demo/", "cut")
    with pytest.raises(http.client.IncompleteRead):
        get(index, "/simple/demo/")


def test_a_corrupt_file_has_its_size_but_not_its_hash(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    path = "/files/demo-1.0-py3-none-any.whl"
    sound = get(index, path)
    index.fail(path, "corrupt")
    spoiled = get(index, path)
    assert len(spoiled) == len(sound)
    assert spoiled != sound


def test_a_hanging_request_ends_with_the_index() -> None:
    outcome: list[BaseException] = []

    def ask(index: PackageIndex) -> None:
        try:
            get(index, "/simple/demo/")
        except (OSError, http.client.HTTPException) as error:
            outcome.append(error)

    with PackageIndex() as index:
        index.fail("/simple/demo/", "hang")
        asked = threading.Event()
        record = index.record

        def noticed(method: str, path: str) -> Failing | None:
            asked.set()
            return record(method, path)

        index.record = noticed  # type: ignore[method-assign]
        client = threading.Thread(target=ask, args=(index,))
        client.start()
        assert asked.wait(10)
        assert outcome == []
    client.join(10)
    assert len(outcome) == 1


def test_a_slow_index_still_answers(index: PackageIndex) -> None:
    index.add("demo", "1.0")
    index.latency_ms = 1
    assert get(index, "/simple/demo/")


def test_a_fault_of_the_index_itself_is_not_hidden() -> None:
    def broken(path: str, accept: str) -> None:
        raise LookupError(path)

    index = PackageIndex().__enter__()
    index.answer = broken  # type: ignore[method-assign]
    with pytest.raises(http.client.RemoteDisconnected):
        get(index, "/simple/demo/")
    with pytest.raises(LookupError):
        index.__exit__()
