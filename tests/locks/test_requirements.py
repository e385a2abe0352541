from __future__ import annotations

import contextlib
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from pip._internal.exceptions import InstallationError
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
from pip._vendor.packaging.utils import canonicalize_name

from bootstrap.errors import UsageError
from bootstrap.locks.requirements import Direct, Line, Option, Reference, Requirement, parse, shown


def only(text: str) -> Line:
    (line,) = parse(text, "x.in").lines
    return line


def named(text: str) -> Requirement:
    line = only(text)
    assert isinstance(line, Requirement)
    return line


def direct(text: str) -> Direct:
    line = only(text)
    assert isinstance(line, Direct)
    return line


@pytest.mark.parametrize(
    ("text", "name", "specifier"),
    [
        ("requests", "requests", ""),
        ("Zope.Interface", "zope-interface", ""),
        ("requests>=2,<3", "requests", ">=2,<3"),
        ("requests >= 2 , < 3", "requests", ">=2,<3"),
        ("requests (>=2)", "requests", ">=2"),
        ("requests==2.*", "requests", "==2.*"),
        ("requests===2", "requests", "===2"),
        ("requests~=2.1 # why", "requests", "~=2.1"),
        ("  requests  ", "requests", ""),
        ("requests>=2,\\\n<3", "requests", ">=2,<3"),
        ("requests\\\n>=2", "requests", ">=2"),
        ("\ufeffrequests\r\n", "requests", ""),
        ("requests\r\n\r\n", "requests", ""),
        ("requests \\", "requests", ""),
        ("requests\\\\\n>=2", "requests", ">=2"),
    ],
)
def test_a_requirement_by_name(text: str, name: str, specifier: str) -> None:
    line = named(text)
    assert (line.name, line.specifier) == (name, SpecifierSet(specifier))


def test_extras_markers_and_options() -> None:
    line = named("Web[Speed, a_b] >= 1 ; sys_platform == 'win32' --no-binary web --hash=sha256:aa  # c")
    assert line.extras == {"speed", "a-b"}
    assert line.marker == Marker("sys_platform == 'win32'")
    assert line.hashes == {"sha256:aa"}
    assert line.options == ("--no-binary", "web", "--hash=sha256:aa")
    assert line.text == "Web[Speed, a_b] >= 1 ; sys_platform == 'win32' --no-binary web --hash=sha256:aa"


def test_config_settings_stay_with_their_requirement() -> None:
    assert named('web --config-settings "a=b c" -C d=e').options == (
        "--config-settings",
        "a=b c",
        "-C",
        "d=e",
    )


def test_lines_are_numbered_where_they_begin() -> None:
    text = "# top\n\na\nb \\\n   # ends it\nc \\\n  --hash=sha256:00 \\\n  --hash=sha256:11\n\nd # e\n"
    found = [(line.number, line.text) for line in parse(text, "x.in").lines]
    assert found[0] == (3, "a")
    assert found[1] == (4, "b")
    assert found[2][0] == 6
    assert found[3] == (10, "d")


def test_a_hash_sign_inside_a_word_is_no_comment() -> None:
    assert direct("https://h/a.zip#egg=a").url == "https://h/a.zip#egg=a"


@pytest.mark.parametrize(
    ("text", "name", "url", "extras"),
    [
        ("https://h/a.zip", None, "https://h/a.zip", set()),
        (
            "https://h/a.zip#egg=My_A[x,Y]&subdirectory=b",
            "my-a",
            "https://h/a.zip#egg=My_A[x,Y]&subdirectory=b",
            {"x", "y"},
        ),
        ("https://h/My.A-1.0-py3-none-any.whl", "my-a", "https://h/My.A-1.0-py3-none-any.whl", set()),
        ("A[x] @ https://${TOKEN}@h/a.zip", "a", "https://${TOKEN}@h/a.zip", {"x"}),
        ("a@https://h/a.zip", "a", "https://h/a.zip", set()),
        ("a @ file:wheels/a.whl", "a", "file:wheels/a.whl", set()),
        ("./wheels/a-1-py3-none-any.whl", "a", "./wheels/a-1-py3-none-any.whl", set()),
        ("wheels/a-1.tar.gz", None, "wheels/a-1.tar.gz", set()),
        ("a-1.zip", None, "a-1.zip", set()),
        (".[dev,Test]", None, ".", {"dev", "test"}),
        ("./with@sign", None, "./with@sign", set()),
        ("..\\other", None, "..\\other", set()),
        ("git+https://h/a.git@v1#egg=a", "a", "git+https://h/a.git@v1#egg=a", set()),
    ],
)
def test_a_requirement_by_address(text: str, name: str | None, url: str, extras: set[str]) -> None:
    line = direct(text)
    assert (line.name, line.url, line.editable) == (name, url, False)
    assert line.extras == extras


@pytest.mark.parametrize(
    ("text", "name", "url", "extras"),
    [
        ("-e .", None, ".", set()),
        ("-e .[dev]", None, ".", {"dev"}),
        ("--editable=src", None, "src", set()),
        ("-e file:.#egg=a", "a", "file:.#egg=a", set()),
        ("-e 'a @ git+https://h/a.git'", "a", "git+https://h/a.git", set()),
        ("-e git+https://h/a.git#egg=a[x]", "a", "git+https://h/a.git#egg=a[x]", {"x"}),
    ],
)
def test_an_editable(text: str, name: str | None, url: str, extras: set[str]) -> None:
    line = direct(text)
    assert (line.name, line.url, line.editable) == (name, url, True)
    assert line.extras == extras


@pytest.mark.parametrize("text", ["https://h/a.zip ; python_version < '3'", "./a ; python_version < '3'"])
def test_the_marker_of_an_address(text: str) -> None:
    line = direct(text)
    assert line.marker == Marker("python_version < '3'")
    assert ";" not in line.url


@pytest.mark.parametrize(
    ("text", "target", "constraint"),
    [
        ("-r base.in", "base.in", False),
        ("-rbase.in", "base.in", False),
        ("--requirement ../base.in", "../base.in", False),
        ("--requirement=base.in # c", "base.in", False),
        ("-c base.txt", "base.txt", True),
        ("--constraint='my base.txt'", "my base.txt", True),
        ("-c c.txt -r r.in", "r.in", False),
    ],
)
def test_a_reference(text: str, target: str, *, constraint: bool) -> None:
    line = only(text)
    assert isinstance(line, Reference)
    assert (line.target, line.constraint) == (target, constraint)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("requirements/dev.in", "base.in", "requirements/base.in"),
        ("requirements/sub/dev.in", "../base.in", "requirements/base.in"),
        ("dev.in", "./base.in", "base.in"),
        ("dev.in", "../shared.in", "../shared.in"),
    ],
)
def test_a_reference_is_relative_to_its_file(source: str, target: str, expected: str) -> None:
    line = only(f"-r {target}")
    assert isinstance(line, Reference)
    assert line.resolved(PurePosixPath(source)) == PurePosixPath(expected)
    assert not line.is_remote


def test_a_reference_to_a_server() -> None:
    line = only("-c https://example.com/constraints.txt")
    assert isinstance(line, Reference)
    assert line.is_remote


def test_options() -> None:
    line = only("-i https://u:secret@h/simple --find-links wheels --trusted-host h --pre")
    assert isinstance(line, Option)
    assert line.index_urls == ("https://u:secret@h/simple",)
    assert line.find_links == ("wheels",)
    assert line.trusted_hosts == ("h",)


@pytest.mark.parametrize(
    ("text", "found", "hint"),
    [
        ("a\nrequests=>2", "'requests=>2'", "looks like"),
        ("a\n--bogus", "no such option: --bogus", "remove the option"),
        ("a\n-r", "requires 1 argument", "remove the option"),
        ("a\nb --hash=md5:00", "sha256", "remove the option"),
        ("a\nb -C 'x", "quotation", "remove the option"),
        ("a\nhttps://h/a.zip ; nonsense", "marker", "looks like"),
        ("a\n=======", "merge conflict", "resolve"),
        ("a\n<<<<<<< HEAD", "merge conflict", "resolve"),
        ("a\n>>>>>>> topic", "merge conflict", "resolve"),
        ("a\n||||||| base", "merge conflict", "resolve"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, found: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, "requirements/x.in")
    problem = caught.value.problem
    assert (problem.file, problem.line) == ("requirements/x.in", 2)
    assert found in problem.message
    assert hint in (problem.hint or "")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "text",
    ["https://u:s3cret@h/a ; nonsense", "-i https://u:s3cret@h/ --bogus", "a @ https://u:s3cret@h/a b c"],
)
def test_no_message_shows_a_password(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, "x.in")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "-i https://u:s3cret@h/",
        "a @ https://u:s3cret@h/a",
        "-r https://u:s3cret@h/a",
        "-e git+https://u:s3cret@h/a",
    ],
)
def test_no_repr_shows_a_password(text: str) -> None:
    assert "s3cret" not in repr(parse(text, "x.in"))
    assert "s3cret" not in shown(only(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pytest>=9  # c", "pytest>=9"),
        ("pytest --hash=sha256:00", "pytest"),
        ("-e . --config-settings a=b", "-e ."),
        ("a @ https://u:p@h/a.zip", "a @ https://****@h/a.zip"),
    ],
)
def test_shown(text: str, expected: str) -> None:
    assert shown(only(text)) == expected


NAMES = st.sampled_from(["requests", "Zope.Interface", "ruamel_yaml", "A", "x-1"])
SPECIFIERS = st.sampled_from(["", "==1.0", ">=1,<2", " ~= 1.4", "!=1.3,>=1", "===1", "==1.*", ">=1.0rc1"])
EXTRAS = st.sampled_from(["", "[a]", "[a,B_c]", " [x , y]"])
MARKERS = st.sampled_from(["", ' ; sys_platform == "linux"', ";python_version<'3.9' or extra == 'a'"])
OPTIONS = st.sampled_from(
    [
        "",
        " --hash=sha256:00",
        " \\\n    --hash=sha256:00 \\\n    --hash=sha512:11",
        " --no-binary x",
        " -C a=b",
    ]
)
COMMENTS = st.sampled_from(["", " # why", "  # -r no.in", "\t# c"])
NAMED = st.builds(lambda *parts: "".join(parts), NAMES, EXTRAS, SPECIFIERS, MARKERS, OPTIONS, COMMENTS)
ADDRESSES = st.sampled_from(
    [
        "a @ https://h/a.zip",
        "a[x]@https://${T}@h/a.zip ; sys_platform == 'linux'",
        "https://h/b-1.0-py3-none-any.whl",
        "git+https://h/c.git@v1#egg=c",
        "-e git+https://h/d.git#egg=d",
        "https://h/e.zip#egg=e --hash=sha256:00",
    ]
)
NOISE = st.sampled_from(
    [
        "",
        "# comment",
        "   # indented",
        "# ends in \\",
        "--pre",
        "--no-index # c",
        "-i https://h/s",
        "-f wheels",
        "\\",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Draw a requirement file as people write them, with or without a last newline."""
    end = draw(ENDS)
    lines = draw(st.lists(NAMED | ADDRESSES | NOISE, max_size=8))
    text = end.join(line.replace("\n", end) for line in lines) + draw(st.sampled_from(["", end, end + end]))
    return draw(st.sampled_from(["", "\ufeff"])) + text


Read = tuple[str | None, set[str], set[str], str, set[str], bool, int]
"""Name, specifiers, extras, marker, hashes, editable, line."""


def as_pip_reads(path: Path) -> list[Read] | None:
    """Return what pip itself finds in a file, or None where it refuses it."""
    found: list[Read] = []
    try:
        for parsed in parse_requirements(str(path), session=PipSession()):
            asked = install_req_from_parsed_requirement(parsed)
            hashes = (parsed.options or {}).get("hashes", {})
            found.append(
                (
                    canonicalize_name(asked.name) if asked.name else None,
                    set() if asked.req is None or asked.link else {str(one) for one in asked.req.specifier},
                    {canonicalize_name(extra) for extra in asked.extras},
                    str(asked.markers or ""),
                    {f"{kind}:{one}" for kind, digests in hashes.items() for one in digests},
                    asked.editable,
                    int(parsed.comes_from.rpartition("(line ")[2].rstrip(")")),
                )
            )
    except InstallationError:
        return None
    return found


def as_read_here(text: str) -> list[Read] | None:
    try:
        lines = parse(text, "x.in").lines
    except UsageError:
        return None
    return [
        (
            line.name,
            {str(one) for one in line.specifier} if isinstance(line, Requirement) else set(),
            set(line.extras),
            str(line.marker or ""),
            set(line.hashes),
            isinstance(line, Direct) and line.editable,
            line.number,
        )
        for line in lines
        if isinstance(line, Requirement | Direct)
    ]


@settings(max_examples=200, deadline=None)
@given(text=files())
def test_pip_reads_the_same(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "generated.in"
    path.write_bytes(text.encode())
    assert as_read_here(text) == as_pip_reads(path)


@pytest.mark.parametrize(
    "text", ["a=>1", "--bogus", "-r", "a --hash=md5:0", "a b", "a ; nonsense", "-C 'x", "a[", "@"]
)
def test_pip_refuses_the_same(text: str, tmp_path: Path) -> None:
    path = tmp_path / "generated.in"
    path.write_bytes(text.encode())
    assert as_pip_reads(path) is None
    assert as_read_here(text) is None


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        numbers = [line.number for line in parse(text, "x.in").lines]
        assert numbers == sorted(set(numbers))
