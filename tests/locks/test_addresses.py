from __future__ import annotations

import pytest

from bootstrap.locks import addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com/a.zip", True),
        ("HTTP://example.com/a.zip", True),
        ("file:wheels/a.whl", True),
        ("git+ssh://git@example.com/a.git", True),
        ("requests", False),
        ("./a.zip", False),
        ("C:\\wheels\\a.whl", False),
        ("name @ https://example.com/a.zip", False),
    ],
)
def test_is_url(text: str, *, expected: bool) -> None:
    assert addresses.is_url(text) is expected


@pytest.mark.parametrize("text", ["./a", "a/b", "..", ".", "a.whl", "A.TAR.GZ", "wheels\\a", ".[dev]"])
def test_is_path(text: str) -> None:
    assert addresses.is_path(text)


@pytest.mark.parametrize("text", ["requests", "zope.interface", "ruamel.yaml>=0.17", "backports.zoneinfo"])
def test_a_dotted_name_is_no_path(text: str) -> None:
    assert not addresses.is_path(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://user:word@example.com/a", True),
        ("https://token@example.com/a", True),
        ("https://${TOKEN}@example.com/a", False),
        ("https://${USER}:${WORD}@example.com/a", False),
        ("https://oauth2:${TOKEN}@example.com/a", False),
        ("https://${USER}:word@example.com/a", True),
        ("https://${A}x@example.com/a", True),
        ("${HOST}/a https://token@example.com/a", True),
        ("git+ssh://git@example.com/a.git", False),
        ("git+ssh://git:word@example.com/a.git", True),
        ("git+https://example.com/a.git@v1", False),
        ("https://example.com/@scope/a", False),
        ("https://example.com/a.whl?token=abc", True),
        ("https://example.com/a.whl?page=1&X-Amz-Signature=abc#sha256=0", True),
        ("https://example.com/a.whl?api_key=${KEY}", False),
        ("https://example.com/a.whl?key=x${KEY}", True),
        ("https://example.com/a.whl?page=token&author=ann", False),
        ("https://example.com/a.whl?token=", False),
        ("https://example.com/a.whl?a=1;token=abc", True),
        ("https://example.com/a.whl?accessToken=abc", True),
        ("https://example.com/a.whl?pwd=abc", True),
        ("https://example.com/a.whl?tokenizer=a&authuser=0&cache-key=b", False),
    ],
)
def test_has_credentials(text: str, *, expected: bool) -> None:
    assert addresses.has_credentials(text) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/opt/wheels", True),
        ("~/wheels", True),
        ("C:\\wheels", True),
        ("C:/wheels", True),
        ("\\\\server\\wheels", True),
        ("file:///opt/wheels", True),
        ("file://localhost/opt/wheels", True),
        ("FILE:/opt/wheels", True),
        ("wheels", False),
        ("./wheels", False),
        ("file:wheels", False),
        ("file:///${PROJECT_ROOT}/wheels", False),
        ("https://example.com/opt", False),
    ],
)
def test_is_machine_path(address: str, *, expected: bool) -> None:
    assert addresses.is_machine_path(address) is expected


@pytest.mark.parametrize(
    ("wanted", "locked", "expected"),
    [
        ("https://h/a-1.zip", "https://h/a-1.zip", True),
        ("https://h/a-1.zip", "https://h/a-2.zip", False),
        ("https://h/a-1.zip#egg=a", "https://h/a-1.zip#sha256=00", True),
        ("https://u:p@h/a-1.zip", "https://h/a-1.zip", True),
        ("https://${USER}:${WORD}@h/a-1.zip", "https://h/a-1.zip", True),
        ("https://h/${NAME}-1.zip", "https://h/a-1.zip", True),
        ("https://h/${NAME}-1.zip", "https://h/a-2.zip", False),
        ("https://h/a b.zip", "https://h/a%20b.zip", True),
        ("git+https://h/a.git@v1", "git+https://h/a.git@v2", False),
        ("git+https://h/a.git#subdirectory=x", "git+https://h/a.git#subdirectory=y", False),
        ("./wheels/a.whl", "file:///home/me/wheels/a.whl", True),
        ("../wheels/a.whl", "file:///home/me/wheels/a.whl", True),
        ("./wheels/a.whl", "file:///home/me/wheels/b.whl", False),
        ("els/a.whl", "file:///home/me/wheels/a.whl", False),
        (".", "file:///home/me/project", True),
        (".", "https://h/a.zip", False),
        ("/opt/a.whl", "file:///opt/a.whl", True),
        ("${ROOT}/a.whl", "https://h/wheels/a.whl", True),
        ("${ROOT}/a.whl", "https://h/wheels/b.whl", False),
    ],
)
def test_same_address(wanted: str, locked: str, *, expected: bool) -> None:
    assert addresses.same_address(wanted, locked) is expected


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        (
            "a @ https://me:s3cret@h/a.zip \\\n    --hash=sha256:00",
            "a @ https://${USER}:${WORD}@h/a.zip",
            "a @ https://${USER}:${WORD}@h/a.zip \\\n    --hash=sha256:00",
        ),
        (
            "a @ https://s3cret@h/a.zip#sha256=00",
            "https://${T}@h/a.zip",
            "a @ https://${T}@h/a.zip#sha256=00",
        ),
        ("a @ https://s@h/v1/a.zip", "https://${T}@h/${V}/a.zip", "a @ https://${T}@h/v1/a.zip"),
        ("# via -r https://s@h/x.in", "-r https://${T}@h/x.in", "# via -r https://${T}@h/x.in"),
        ("a @ git+https://s@h/a.git@v1", "git+https://${T}@h/a.git@v1", "a @ git+https://${T}@h/a.git@v1"),
        ("a @ https://s@h/a.zip.sig", "https://${T}@h/a.zip", "a @ https://s@h/a.zip.sig"),
        ("a @ https://s@other/a.zip", "https://${T}@h/a.zip", "a @ https://s@other/a.zip"),
        ("a @ https://s@h/a.zip", "https://t@h/a.zip", "a @ https://s@h/a.zip"),
        ("a @ https://h/a.zip", "https://${T}@h/a.zip", "a @ https://h/a.zip"),
        (
            "a @ https://h/a.zip?t=s#sha256=00",
            "https://h/a.zip?t=${T}",
            "a @ https://h/a.zip?t=${T}#sha256=00",
        ),
        ("a @ https://s@h/a.zip?t=s", "https://${A}@h/a.zip?t=${T}", "a @ https://${A}@h/a.zip?t=${T}"),
        ("a @ https://git@h/a.zip?t=s", "https://git@h/a.zip?t=${T}", "a @ https://git@h/a.zip?t=${T}"),
        ("a @ https://h/get?f=b&t=s", "https://h/get?f=a&t=${T}", "a @ https://h/get?f=b&t=s"),
        ("a @ https://s@h/a.zip?v=1", "https://${T}@h/a.zip?v=1", "a @ https://${T}@h/a.zip?v=1"),
        ("a @ https://h/${V}/a.zip?v=1", "https://h/${V}/a.zip?v=1", "a @ https://h/${V}/a.zip?v=1"),
    ],
)
def test_a_variable_takes_the_place_of_its_value(text: str, written: str, expected: str) -> None:
    assert addresses.with_variables(text, written) == expected
