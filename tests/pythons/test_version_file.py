from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.pythons import version_file
from bootstrap.pythons.version_file import Word


def texts(content: bytes) -> list[str]:
    return [word.text for word in version_file.parse(content, ".python-version")]


# The names follow pyenv's test/version-file-read.bats, so a reader can compare.
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", [], id="blank file"),
        pytest.param(b"3.12.1\n", ["3.12.1"], id="simple version file"),
        pytest.param(b"  3.12.1\n", ["3.12.1"], id="leading spaces"),
        pytest.param(b"3.12.1 2.7\n", ["3.12.1"], id="only the first word"),
        pytest.param(b"3.12.1\t# lts\n", ["3.12.1"], id="comment after the word"),
        pytest.param(b"3.12.1 one\n3.11.7 two\n", ["3.12.1", "3.11.7"], id="not only the first line"),
        pytest.param(b"\n \n3.12.1\n", ["3.12.1"], id="leading blank lines"),
        pytest.param(b"3.12.1", ["3.12.1"], id="no trailing newline"),
        pytest.param(b"3.12.1\r\n", ["3.12.1"], id="carriage returns"),
        pytest.param(b"# 3.11\n #3.10\n3.12.1\n", ["3.12.1"], id="comment lines"),
        pytest.param(codecs.BOM_UTF8 + b"3.12.1\n", ["3.12.1"], id="byte order mark"),
    ],
)
def test_reads_as_pyenv_does(content: bytes, expected: list[str]) -> None:
    assert texts(content) == expected


def test_words_know_their_lines() -> None:
    assert version_file.parse(b"# ours\n\n3.12\n3.11\n", "f") == (Word("3.12", 3), Word("3.11", 4))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("3.12\n".encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + "3.12".encode("utf-16-be"), "UTF-16"),
        ("3.12\n".encode("utf-32"), "UTF-32"),
        ("3.12\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"# caf\xe9\n3.12\n", "not UTF-8: byte 0xe9 in line 1"),
        (b"3.12\n" * 1000, "more than 4096 bytes"),
        (b"<<<<<<< HEAD\n3.12\n=======\n3.13\n>>>>>>> topic\n", "unresolved merge conflict"),
    ],
)
def test_says_why_a_file_cannot_be_read(content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        version_file.parse(content, "sub/.python-version")
    assert caught.value.problem.file == "sub/.python-version"
    assert caught.value.problem.hint


@given(st.binary(max_size=200))
def test_any_bytes_are_words_or_a_usage_error(content: bytes) -> None:
    try:
        words = version_file.parse(content, ".python-version")
    except UsageError:
        return
    assert all(word.text.split() == [word.text] and not word.text.startswith("#") for word in words)
    assert [word.line for word in words] == sorted({word.line for word in words})


LINES = st.lists(
    st.sampled_from(["3.12", " 3.11.7 x", "#c", "", "  ", "pypy3.10-7.3.15", "system\t#"]), max_size=6
)


@given(LINES)
def test_line_ends_mark_and_last_newline_do_not_matter(lines: list[str]) -> None:
    plain = "\n".join(lines).encode()
    expected = version_file.parse(plain, "f")
    for variant in (plain + b"\n", plain.replace(b"\n", b"\r\n"), codecs.BOM_UTF8 + plain):
        assert version_file.parse(variant, "f") == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"3.12\n", []),
        (b"3.12\n3.11\n", ["names 2 versions, the first is taken: 3.12"]),
        (codecs.BOM_UTF8 + b"3.12\n", ["byte order mark"]),
    ],
)
def test_notes(content: bytes, said: list[str]) -> None:
    words = version_file.parse(content, ".python-version")
    notes = version_file.notes(content, words, ".python-version")
    assert len(notes) == len(said)
    assert all(part in note for part, note in zip(said, notes, strict=True))


@pytest.mark.parametrize("git_is_file", [True, False])
def test_found_from_the_project_up_to_the_git_root(tmp_path: Path, git_is_file: bool) -> None:  # noqa: FBT001 a table
    repository = tmp_path / "repository"
    project = repository / "services" / "shop"
    project.mkdir(parents=True)
    git = repository / ".git"
    git.write_text("gitdir: elsewhere\n") if git_is_file else git.mkdir()
    (tmp_path / ".python-version").write_text("3.9\n")
    assert version_file.find(project) is None

    (repository / ".python-version").write_text("3.12\n")
    assert version_file.find(project) == repository / ".python-version"

    (project / ".python-version").write_text("3.11\n")
    assert version_file.find(project) == project / ".python-version"
    folders = [path.parent for path in version_file.candidates(project)]
    assert folders == [project, project.parent, repository]


def test_without_git_only_the_project_counts(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    project.mkdir()
    (tmp_path / ".python-version").write_text("3.9\n")
    assert version_file.find(project) is None


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / ".python-version").mkdir()
    assert version_file.find(tmp_path) is None
