from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import pytest

from bootstrap.locks import staleness
from bootstrap.locks.demands import Demand, demands
from bootstrap.locks.formats import Given
from bootstrap.locks.layers import discover, read_inputs
from bootstrap.locks.lockfile import parse_lock
from bootstrap.locks.reason import Reason
from bootstrap.locks.staleness import stale_reasons
from tests.locks.headers import expected_header
from tests.locks.targets import LINUX, PYTHON, WINDOWS

HASH = " --hash=sha256:00"


def reasons(
    texts: Mapping[str, str],
    layer: str = "base",
    *,
    markers: Mapping[str, str] = LINUX,
    hashes: bool = True,
    headers: bool = True,
    formats: Sequence[Given] = (),
) -> tuple[Reason, ...]:
    """Judge one layer of a project in ``requirements/``; each lock gets its right header."""
    files = {PurePosixPath(f"requirements/{name}"): text for name, text in texts.items()}
    layers = discover(files, files.get)
    for one in layers if headers else ():
        if one.lock in files:
            files[one.lock] = expected_header(PYTHON, one.source, one.lock, hashes=hashes) + files[one.lock]
    locks = {one.lock: parse_lock(files[one.lock], str(one.lock)) for one in layers if one.lock in files}
    inputs = read_inputs(layers, files.get)
    found = stale_reasons(
        layers, inputs, locks, python=PYTHON, markers=markers, hashes=hashes, formats=formats
    )
    return found.get(layer, ())


def pin(requirement: str, *via: str) -> str:
    """Return a pin as pip-compile writes it; ``via`` with a dot is a file of ``requirements/``."""
    sources = [f"-r requirements/{one}" if "." in one else one for one in via]
    return f"{requirement}{HASH}\n    # via\n" + "".join(f"    #   {one}\n" for one in sources)


def told(texts: Mapping[str, str], layer: str = "base", *, markers: Mapping[str, str] = LINUX) -> list[str]:
    return [reason.message for reason in reasons(texts, layer, markers=markers)]


def codes(texts: Mapping[str, str], layer: str = "base") -> list[str]:
    return [reason.code for reason in reasons(texts, layer)]


WEB = pin("web==1.0", "base.in") + pin("util==2.0", "web")
UTIL = pin("util==2.0", "base.in", "web")


@pytest.mark.parametrize(
    ("source", "lock"),
    [
        ("", ""),
        ("web", WEB),
        ("Web[speed] >= 1 # c", WEB),
        ("web; sys_platform == 'win32'", ""),
        ("web\nweb<2", WEB),
        ("--pre\nweb", WEB),
        ("web==1", WEB),
        ("pre", pin("pre==1.0rc1", "base.in")),
        ("pre>=0.9", pin("pre==1.0rc1", "base.in")),
        ("pre==1.0", pin("pre==1.0+local", "base.in")),
        ("web --no-binary web", "--no-binary web\n" + WEB),
        ("--only-binary Web\nweb\nutil --no-binary=Web", "--no-binary web\n" + WEB + UTIL),
        ("--no-binary :all:\n--only-binary a\nweb", "--no-binary :all:\n--only-binary a\n" + WEB),
        ("web --config-settings='a=b'", WEB),
        ("web==1.0 --hash=sha256:00", WEB),
        ("a @ ${FILES}/a.zip", pin("a @ https://h/a.zip", "base.in")),
        ("a @ https://h/a.zip#sha256=00", pin("a @ https://h/a.zip#sha256=00", "base.in")),
        ("https://h/a.zip#sha256=00", pin("a @ https://h/a.zip", "base.in")),
        ("web; python_version > '3'", WEB.replace("web==1.0", "web==1.0 ; python_version > '3'")),
        ("web; python_version>'3'\nweb", WEB.replace("web==1.0", 'web==1.0 ; python_version > "3"')),
        ("a @ https://h/a.zip", pin("a @ https://h/a.zip", "base.in")),
        ("https://h/a.zip#egg=a", pin("a @ https://h/a.zip", "base.in")),
        ("https://h/a.zip", pin("a @ https://h/a.zip", "base.in")),
        ("a @ https://${USER}:${WORD}@h/a.zip", pin("a @ https://h/a.zip", "base.in")),
        ("a\na @ https://h/a.zip", pin("a @ https://h/a.zip", "base.in")),
        ("-r https://h/x.in", pin("a==1").replace("# via\n", "# via -r https://h/x.in\n")),
        ("web", WEB.replace("\n", "\r\n")),
        ("web", "web==1.0 --hash=sha256:00\n"),
        ("odd", pin("odd===1-odd", "base.in")),
    ],
)
def test_a_fresh_lock(source: str, lock: str) -> None:
    assert told({"base.in": source, "base.txt": lock}) == []


def test_a_missing_lock() -> None:
    assert reasons({"base.in": "web"}) == (
        Reason("stale-lock", "requirements/base.txt is missing", "requirements/base.in"),
    )


@pytest.mark.parametrize(
    ("source", "lock", "message", "line"),
    [
        ("\nweb>=2", WEB, "base.in:2 web>=2 is not satisfied by web==1.0", 2),
        ("web\nutil<2", WEB, "base.in:2 util<2 is not satisfied by util==2.0", 2),
        (
            "web\nutil",
            WEB,
            "base.in:2 util is not named as a source of util==2.0 in requirements/base.txt",
            2,
        ),
        ("web\ntool", WEB, "base.in:2 tool has no pin in requirements/base.txt", 2),
        ("web<1.0", pin("web==1.0rc1", "base.in"), "base.in:1 web<1.0 is not satisfied by web==1.0rc1", 1),
        ("odd>=1", pin("odd===1-odd", "base.in"), "base.in:1 odd>=1 is not satisfied by odd==1-odd", 1),
        (
            "a @ https://h/a-2.zip",
            pin("a @ https://h/a-1.zip", "base.in"),
            "base.in:1 a @ https://h/a-2.zip is not satisfied by a @ https://h/a-1.zip",
            1,
        ),
        (
            "a @ https://h/a.zip",
            pin("a==1", "base.in"),
            "base.in:1 a @ https://h/a.zip is not satisfied by a==1",
            1,
        ),
        (
            "a @ https://u:s3cret@h/a.zip",
            "",
            "base.in:1 a @ https://****@h/a.zip has no pin in requirements/base.txt",
            1,
        ),
        ("-e .", "", "base.in:1 -e . has no pin in requirements/base.txt", 1),
        (
            "a @ https://h/a.zip#sha256=11",
            pin("a @ https://h/a.zip#sha256=00", "base.in"),
            "base.in:1 a @ https://h/a.zip#sha256=11 is not satisfied by a @ https://h/a.zip#sha256=00",
            1,
        ),
        (
            "https://h/a.zip#egg=a&sha256=11",
            pin("a @ https://h/a.zip", "base.in"),
            "base.in:1 https://h/a.zip#egg=a&sha256=11 is not satisfied by a @ https://h/a.zip",
            1,
        ),
        ("web==1.0 --hash=sha256:11", WEB, "base.in:1 web==1.0 is not satisfied by web==1.0", 1),
        (
            "web\n\nutil --no-binary util",
            WEB + UTIL,
            "base.in:3 --no-binary util is not in requirements/base.txt",
            3,
        ),
        (
            "--only-binary=:all:\nweb",
            "--no-binary web\n" + WEB,
            "base.in:1 --only-binary :all: is not in requirements/base.txt",
            1,
        ),
    ],
)
def test_a_line_that_the_lock_does_not_answer(source: str, lock: str, message: str, line: int) -> None:
    found = [one for one in reasons({"base.in": source, "base.txt": lock}) if one.file.endswith(".in")]
    assert found == [Reason("stale-lock", message, "requirements/base.in", line)]


@pytest.mark.parametrize(
    ("source", "lock", "message"),
    [
        ("web", "--no-binary x\n" + WEB, "no requirement file says --no-binary x any more"),
        ("web", WEB + "x==1" + HASH, "x==1 is pinned, and nothing asks for it"),
        (
            "a",
            pin("a @ https://u:p@h/a.zip#sha256=00", "base.in").replace("u:p@", ""),
            "a @ https://h/a.zip#sha256=00 is an address that no requirement file names",
        ),
        (
            "web",
            WEB.replace("web==1.0", "web==1.0 ; python_version > '3'"),
            'web==1.0 has the marker python_version > "3", and the requirement files say otherwise',
        ),
        (
            "web ; python_version > '3.1'",
            WEB,
            "web==1.0 has no marker, and the requirement files say otherwise",
        ),
        ("", pin("web==1.0", "base.in"), "web is pinned via base.in, which no longer names it"),
        (
            "web; sys_platform == 'win32'",
            pin("web==1.0", "base.in"),
            "web is pinned via base.in, which no longer names it",
        ),
        ("web", WEB + pin("x==1", "gone.in"), "x is pinned via gone.in, which no longer names it"),
        ("web", WEB + pin("x==1", "gone"), "x is pinned via gone, which has no pin"),
        (
            "",
            pin("a==1").replace("# via\n", "# via -r https://h/x.in\n"),
            "a is pinned via x.in, which no longer names it",
        ),
    ],
)
def test_a_pin_that_nothing_names_any_more(source: str, lock: str, message: str) -> None:
    (reason,) = reasons({"base.in": source, "base.txt": lock})
    assert (reason.code, reason.message, reason.file) == ("stale-lock", message, "requirements/base.txt")
    assert reason.line is not None


def test_an_address_that_a_package_asks_for_stays() -> None:
    assert told({"base.in": "web", "base.txt": WEB.replace("util==2.0", "util @ https://h/util.zip")}) == []


def test_what_pips_own_configuration_says_may_be_there_and_need_not() -> None:
    texts = {"base.in": "--no-binary a\nweb", "base.txt": "--no-binary a\n--only-binary b\n" + WEB}
    configured = [("--only-binary", "a,b")]
    assert reasons(texts, formats=configured) == ()
    (reason,) = reasons(texts)
    assert reason.message == "no requirement file says --only-binary b any more"
    assert reasons({**texts, "base.txt": "--no-binary a\n" + WEB}, formats=configured) == ()


def test_only_the_target_counts() -> None:
    texts = {
        "base.in": "w; sys_platform == 'win32'",
        "base.txt": pin('w==1 ; sys_platform == "win32"', "base.in"),
    }
    assert told(texts) == []
    assert told(texts, markers=WINDOWS) == []
    linux = {"base.in": "web\nw; sys_platform == 'win32'", "base.txt": WEB}
    assert told(linux) == []
    assert told(linux, markers=WINDOWS) == [
        "base.in:2 w; sys_platform == 'win32' has no pin in requirements/base.txt"
    ]


MIXED = "u; sys_platform != 'win32'\nw; sys_platform == 'win32'"


@pytest.mark.parametrize(
    ("source", "lock", "code"),
    [
        # Made where u applies and w does not: elsewhere.
        (MIXED, pin('u==1 ; sys_platform != "win32"', "base.in"), "other-platform"),
        # Nothing tells where it was made: the line may be new.
        ("web\nw; sys_platform == 'win32'", WEB, "stale-lock"),
        (f"{MIXED}\nnew", pin('u==1 ; sys_platform != "win32"', "base.in"), "other-platform stale-lock"),
        (MIXED, pin('u==1 ; sys_platform != "win32"', "base.in") + WEB, "other-platform stale-lock"),
    ],
)
def test_what_only_another_platform_needed_is_told_apart(source: str, lock: str, code: str) -> None:
    texts = {"base.in": source, "base.txt": lock, "dev.in": "-c base.txt", "dev.txt": ""}
    found = reasons(texts, markers=WINDOWS)
    assert " ".join(sorted({reason.code for reason in found})) == code
    [follows] = reasons(texts, "dev", markers=WINDOWS)
    assert follows.code == ("other-platform" if code == "other-platform" else "stale-lock")
    if "other-platform" in code:
        assert found[0].package == "w"


def test_a_universal_lock_has_several_pins_of_one_name() -> None:
    lock = pin("a==1 ; sys_platform == 'win32'", "base.in") + pin("a==2 ; sys_platform != 'win32'", "base.in")
    texts = {"base.in": "a>=2", "base.txt": lock}
    assert told(texts) == []
    assert told(texts, markers=WINDOWS) == ["base.in:1 a>=2 is not satisfied by a==1"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Python 3.13", "Python 3.12", "was made for Python 3.12, not 3.13"),
        (" --strip-extras", "", "was made by another command: pip-compile --allow-unsafe"),
        ("requirements/base.in", "base.in", "was made by another command"),
        ("pip-compile", "pip-compile --index-url=https://u:s3cret@h/", "--index-url=https://****@h/"),
        ("#", "##", "does not say by which command"),
    ],
)
def test_the_header(old: str, new: str, message: str) -> None:
    path = PurePosixPath("requirements/base.in")
    header = expected_header(PYTHON, path, path.with_suffix(".txt"), hashes=True).replace(old, new)
    (reason,) = reasons({"base.in": "web", "base.txt": header + WEB}, headers=False)
    assert (reason.code, reason.file, reason.line) == ("stale-lock", "requirements/base.txt", 1)
    assert message in reason.message
    assert "s3cret" not in reason.message


def test_a_lock_without_a_header() -> None:
    (reason,) = reasons({"base.in": "web", "base.txt": WEB}, headers=False)
    assert reason.message == "requirements/base.txt does not say by which command it was made"


@pytest.mark.parametrize(
    ("lock", "code", "message"),
    [
        ("web>=1" + HASH, "unpinned", "web has no exact version"),
        ("web==1.*" + HASH, "unpinned", "web has no exact version"),
        ("web==1", "unhashed", "web==1 has no hash"),
        ("web @ https://h/web.zip", "unhashed", "web @ https://h/web.zip has no hash"),
    ],
)
def test_loose_pins(lock: str, code: str, message: str) -> None:
    source = lock.partition(" --")[0] if "@" in lock else "web"
    (reason,) = reasons({"base.in": source, "base.txt": lock + "\n"})
    assert (reason.code, reason.message, reason.line) == (code, message, 7)


def test_hashes_are_wanted_only_where_they_are() -> None:
    assert reasons({"base.in": "web", "base.txt": "web==1\n"}, hashes=False) == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--index-url https://h/simple", "--index-url https://h/simple names an index"),
        ("-i https://u:s3cret@h/simple", "-i https://****@h/simple holds a password"),
        ("--extra-index-url https://h/simple", "names an index"),
        ("--trusted-host h", "names an index"),
        ("--find-links https://u:s3cret@h/", "holds a password"),
        ("--find-links /opt/wheels", "is a path of one machine"),
        ("-f file:///opt/wheels", "is a path of one machine"),
        ("-e file:///home/me/project", "is a path of one machine"),
        ("a @ file:///home/me/a.zip" + HASH, "is a path of one machine"),
        ("a @ https://u:s3cret@h/a.zip" + HASH, "holds a password"),
    ],
)
def test_what_belongs_in_no_lock(line: str, message: str) -> None:
    (reason,) = reasons({"base.in": line.removesuffix(HASH) if "@ " in line else "", "base.txt": line})
    assert (reason.code, reason.file, reason.line) == ("not-portable", "requirements/base.txt", 7)
    assert message in reason.message
    assert "s3cret" not in reason.message


@pytest.mark.parametrize("line", ["--find-links wheels", "--pre", "-f https://h/wheels"])
def test_what_may_stand_in_a_lock(line: str) -> None:
    assert told({"base.in": "", "base.txt": line}) == []


BOTH = pin("web==1.0", "base.in") + pin("util==2.0", "web")
TOOL = pin("tool==1", "dev.in")


@pytest.mark.parametrize(
    "texts",
    [
        {"dev.in": "-r base.in\ntool", "dev.txt": BOTH + TOOL},
        {"dev.in": "-r base.in\n-c base.txt\ntool", "dev.txt": BOTH + TOOL},
        {"dev.in": "-c base.txt\ntool\nutil", "dev.txt": TOOL + pin("util==2.0", "dev.in", "tool")},
        {
            "dev.in": "-r base.txt\ntool",
            "dev.txt": BOTH.replace("base.in", "base.txt") + TOOL + "util==2.0" + HASH,
        },
        {
            "dev.in": "-r sub/x.in",
            "sub/x.in": "tool",
            "sub/x.txt": pin("tool==1", "sub/x.in"),
            "dev.txt": pin("tool==1", "sub/x.in"),
        },
        {"dev.in": "-c limits.txt\ntool", "limits.txt": "tool<2\nother<1", "dev.txt": TOOL},
    ],
)
def test_a_fresh_lock_of_an_upper_layer(texts: Mapping[str, str]) -> None:
    texts = {"base.in": "web", "base.txt": BOTH, **texts}
    if "-r base.txt" in texts["dev.in"]:
        texts = {**texts, "dev.txt": pin("web==1.0", "base.txt") + pin("util==2.0", "base.txt", "web") + TOOL}
    assert told(texts, "dev") == []


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"base.in": "web\nnew", "dev.in": "-r base.in"}, "base.in:2 new has no pin in requirements/dev.txt"),
        ({"base.in": "", "dev.in": "-r base.in"}, "web is pinned via base.in, which no longer names it"),
        ({"base.in": "web", "dev.in": ""}, "web is pinned via base.in, which no longer names it"),
        (
            {"base.in": "web", "dev.in": "-r base.in\n-c limits.txt", "limits.txt": "# c\nutil<2"},
            "limits.txt:2 util<2 is not satisfied by util==2.0",
        ),
    ],
)
def test_a_stale_lock_of_an_upper_layer(texts: Mapping[str, str], message: str) -> None:
    assert told({"base.txt": BOTH, "dev.txt": BOTH, **texts}, "dev") == [message]


@pytest.mark.parametrize("line", ["-r base.txt", "-c base.txt"])
def test_a_layer_follows_a_lock_that_is_about_to_change(line: str) -> None:
    texts = {"base.in": "web\nnew", "base.txt": BOTH, "dev.in": f"{line}\ntool", "dev.txt": TOOL}
    if line.startswith("-r"):
        texts["dev.txt"] += pin("web==1.0", "base.txt") + pin("util==2.0", "base.txt", "web")
    assert told(texts, "dev") == [f"dev.in:1 {line} names a stale lock"]
    assert told({**texts, "base.in": "web"}, "dev") == []


@pytest.mark.parametrize("line", ["-r base.in", "-r base.txt", "-c base.txt"])
@pytest.mark.parametrize(
    ("theirs", "message"),
    [
        ("util==3.0" + HASH, "util==2.0 disagrees with util==3.0 in requirements/base.txt"),
        ("util==2.0 --hash=sha256:11", "util==2.0 has other hashes than in requirements/base.txt"),
        (
            "util @ https://h/u.zip" + HASH,
            "util==2.0 disagrees with util @ https://h/u.zip in requirements/base.txt",
        ),
    ],
)
def test_layers_agree_on_every_shared_pin(line: str, theirs: str, message: str) -> None:
    base = theirs.removesuffix(HASH) if "@" in theirs else "util"
    texts = {"base.in": base, "base.txt": theirs, "dev.in": f"util\n{line}", "dev.txt": "util==2.0" + HASH}
    (reason,) = [one for one in reasons(texts, "dev") if one.file == "requirements/dev.txt"]
    assert (reason.code, reason.message) == ("layers-disagree", message)
    assert (reason.file, reason.line) == ("requirements/dev.txt", 7)
    assert reasons(texts, "base") == ()


def test_layers_that_do_not_build_on_each_other_may_differ() -> None:
    texts = {
        "base.in": "util",
        "base.txt": "util==3.0" + HASH,
        "dev.in": "util",
        "dev.txt": "util==2.0" + HASH,
    }
    assert reasons(texts, "dev") == reasons(texts, "base") == ()


def test_pins_that_do_not_apply_agree_with_anything() -> None:
    texts = {
        "base.in": "util",
        "base.txt": "util==3.0" + HASH,
        "dev.in": "-c base.txt\nutil; sys_platform == 'win32'",
        "dev.txt": "util==2.0 ; sys_platform == 'win32'" + HASH,
    }
    assert told(texts, "dev") == []
    applies = {**texts, "dev.in": "-c base.txt\nutil", "dev.txt": "util==2.0" + HASH}
    assert "layers-disagree" in codes(applies, "dev")


def test_a_lock_without_hashes_is_told_once() -> None:
    texts = {
        "base.in": "util",
        "base.txt": "util==2.0" + HASH,
        "dev.in": "-r base.in",
        "dev.txt": "util==2.0",
    }
    assert codes(texts, "dev") == ["unhashed"]


def test_each_layer_is_judged_once_however_many_build_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: dict[str, str] = {}
    for number in range(9):
        below = "".join(f"-c l{other}.txt\n" for other in range(number))
        texts |= {
            f"l{number}.in": f"{below}p{number}",
            f"l{number}.txt": pin(f"p{number}==1", f"l{number}.in"),
        }
    judged: list[PurePosixPath] = []

    def counted(source: PurePosixPath, *rest: Any) -> tuple[Demand, ...]:
        judged.append(source)
        return demands(source, *rest)

    monkeypatch.setattr(staleness, "demands", counted)
    assert told(texts, "l8") == []
    assert len(judged) == len(set(judged)) == 9


@pytest.mark.parametrize("line", ["-r other.txt", "-c other.txt", "-r https://h/other.txt"])
def test_a_lock_names_no_other_file(line: str) -> None:
    files = {"base.in": "web", "base.txt": f"{WEB}{line}\n", "other.txt": "side==1.0"}
    assert told(files) == [f"{line} does not belong in a lock"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (pin("util==1.0", "web"), ["util==1.0 is pinned as util==2.0 as well"]),
        (
            pin("util @ https://h/util.zip", "web"),
            ["util @ https://h/util.zip is pinned as util==2.0 as well"],
        ),
        (pin("util==2.0", "web"), []),
        (pin("util==1.0 ; sys_platform == 'win32'", "web"), []),
    ],
)
def test_two_pins_of_one_package(more: str, expected: list[str]) -> None:
    """As a merge leaves them; pip would refuse to install both."""
    assert told({"base.in": "web", "base.txt": WEB + more}) == expected
