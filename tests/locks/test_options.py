from __future__ import annotations

import shlex

import pytest

from bootstrap.locks.options import Options, UnknownOptionError, read_options


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-r base.in", Options(requirements=("base.in",))),
        ("-rbase.in", Options(requirements=("base.in",))),
        ("--requirement=base.in", Options(requirements=("base.in",))),
        ("--requirement base.in", Options(requirements=("base.in",))),
        ("--requirem base.in", Options(requirements=("base.in",))),
        ("-c 'my file.txt'", Options(constraints=("my file.txt",))),
        ("--constraint=c.txt", Options(constraints=("c.txt",))),
        ("-e .[dev]", Options(editables=(".[dev]",))),
        ("-i https://a/s --extra-index-url https://b/s", Options(index_urls=("https://a/s", "https://b/s"))),
        ("-f wheels --find-links=more", Options(find_links=("wheels", "more"))),
        ("--trusted-host h", Options(trusted_hosts=("h",))),
        ("--pre --no-index --prefer-binary", Options()),
        ("--pre -C k=v --use-feature fast-deps", Options()),
        (
            "--no-binary a --only-b :all: --no-binary=b,c",
            Options(formats=(("--no-binary", "a"), ("--only-binary", ":all:"), ("--no-binary", "b,c"))),
        ),
        ("--hash=sha256:aa --hash=sha512:bb", Options(hashes=frozenset({"sha256:aa", "sha512:bb"}))),
        ("--hash sha256:aa", Options(hashes=frozenset({"sha256:aa"}))),
        ("-r base.in left over", Options(requirements=("base.in",))),
    ],
)
def test_every_spelling_is_read(words: str, expected: Options) -> None:
    assert read_options(shlex.split(words)) == expected


@pytest.mark.parametrize(
    "words",
    [
        "-r",
        "--bogus",
        "--no-index=x",
        "--hash=md5:aa",
        "--hash aa",
        "--requi x",
        "--install-option=x",
        "-q",
        "--no-binary -x",
    ],
)
def test_what_pip_refuses_is_refused(words: str) -> None:
    with pytest.raises(UnknownOptionError):
        read_options(shlex.split(words))
