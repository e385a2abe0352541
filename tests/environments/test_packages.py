from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.environments.packages import (
    Difference,
    Installed,
    difference,
    installed,
    metadata,
    modules,
    same_version,
)

FROM_GIT = """{"url": "https://h/a.git",
 "vcs_info": {"vcs": "git", "commit_id": "0a", "requested_revision": "v1"}}"""


def put(folder: Path, name: str, *, record: bool = True, text: str | None = None) -> None:
    (folder / name).mkdir()
    if record:
        (folder / name / "RECORD").touch()
    if text is not None:
        (folder / name / "METADATA").write_text(text, encoding="utf-8")


def test_distributions_are_listed_by_their_folders(tmp_path: Path) -> None:
    put(tmp_path, "Django-5.2.4.dist-info")
    put(tmp_path, "zope.interface-7.0.dist-info")
    put(tmp_path, "typing_extensions-4.15.0.dist-info")
    (tmp_path / "django").mkdir()
    (tmp_path / "six.py").touch()
    (tmp_path / "old-1.0.egg-info").mkdir()
    assert installed(tmp_path) == Installed(
        {"django": ("5.2.4",), "zope-interface": ("7.0",), "typing-extensions": ("4.15.0",)}
    )


def test_one_that_is_there_twice(tmp_path: Path) -> None:
    put(tmp_path, "demo-1.0.dist-info")
    put(tmp_path, "Demo-1.1.dist-info")
    assert sorted(installed(tmp_path).versions["demo"]) == ["1.0", "1.1"]


def test_one_without_record_is_damaged(tmp_path: Path) -> None:
    put(tmp_path, "demo-1.0.dist-info", record=False)
    assert installed(tmp_path).damaged == {"demo"}


@pytest.mark.parametrize("name", ["~emo-1.0.dist-info", "-emo-1.0.dist-info", "demo.dist-info", ".dist-info"])
def test_what_pip_left_behind_is_none(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert installed(tmp_path) == Installed({})


@pytest.mark.parametrize(
    ("pins", "found", "install", "remove"),
    [
        ({}, {}, (), ()),
        ({}, {"pip": ("26.3",)}, (), ()),
        ({"a": "1"}, {}, ("a",), ()),
        ({"a": "1"}, {"a": ("1",), "pip": ("26.3",)}, (), ()),
        ({"a": "1"}, {"a": ("2",)}, ("a",), ()),
        ({"a": "1.0"}, {"a": ("1",)}, (), ()),
        ({"b": "1", "a": "1"}, {}, ("a", "b"), ()),
        ({"a": "1"}, {"a": ("1", "2")}, ("a",), ()),
        ({"a": "1"}, {"a": ("1", "1.0")}, ("a",), ()),
        ({}, {"b": ("1",), "a": ("1", "2")}, (), ("a", "b")),
        ({"pip": "26.2"}, {"pip": ("26.3",)}, ("pip",), ()),
        ({}, {"setuptools": ("80",), "wheel": ("1",)}, (), ("setuptools", "wheel")),
    ],
)
def test_what_separates_an_environment_from_a_lock(
    pins: dict[str, str],
    found: dict[str, tuple[str, ...]],
    install: tuple[str, ...],
    remove: tuple[str, ...],
) -> None:
    result = difference(pins, Installed(found))
    assert result == Difference(install, remove)
    assert bool(result) == bool(install or remove)


def test_a_damaged_one_is_installed_again() -> None:
    assert difference({"a": "1"}, Installed({"a": ("1",)}, frozenset({"a"}))) == Difference(("a",), ())


@pytest.mark.parametrize(
    ("pinned", "recorded", "same"),
    [
        ("https://h/a-1.0.whl", '{"url": "https://h/a-1.0.whl", "archive_info": {}}', True),
        ("https://h/a-1.0.whl", '{"url": "https://h/a-1.1.whl", "archive_info": {}}', False),
        ("https://${U}:${W}@h/a.whl#sha256=00", '{"url": "https://h/a.whl", "archive_info": {}}', True),
        ("https://h/a.whl?t=${T}", '{"url": "https://h/a.whl?t=x", "archive_info": {}}', True),
        ("https://h/a.whl?t=${T}", '{"url": "https://h/b.whl?t=x", "archive_info": {}}', False),
        ("https://h/a%20b.whl", '{"url": "https://h/a b.whl", "archive_info": {}}', True),
        ("git+https://h/a.git@v1", FROM_GIT, True),
        ("git+https://h/a.git@0a", FROM_GIT, True),
        ("git+https://h/a.git@v2", FROM_GIT, False),
        ("git+https://h/a.git", FROM_GIT, False),
        ("git+https://h/a.git", FROM_GIT.replace("requested_revision", "other"), True),
        ("https://h/a.whl", "{}", False),
        ("https://h/a.whl", "no json", False),
        ("https://h/a.whl", None, False),
    ],
)
def test_what_is_pinned_to_an_address(
    tmp_path: Path, pinned: str, recorded: str | None, *, same: bool
) -> None:
    put(tmp_path, "a-1.0.dist-info")
    if recorded is not None:
        (tmp_path / "a-1.0.dist-info" / "direct_url.json").write_text(recorded, encoding="utf-8")
    assert difference({"a": pinned}, installed(tmp_path)) == Difference(() if same else ("a",), ())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1.0", "1.0", True),
        ("1.0", "1.0.0", True),
        ("1.0.post1", "1.0-1", True),
        ("1.0rc1", "1.0RC1", True),
        ("1.0_1", "1.0.post1", True),
        ("1.0+local.1", "1.0+local_1", True),
        ("1.0", "1.0+local", False),
        ("1.0", "1.0.1", False),
        ("1.0", "1.0rc1", False),
        ("2004d", "2004d", True),
        ("2004d", "2004e", False),
        ("odd", "1.0", False),
    ],
)
def test_versions_are_compared_by_meaning(one: str, other: str, same: bool) -> None:  # noqa: FBT001 a table's column
    assert same_version(one, other) == same


def test_metadata_is_read_from_the_head_alone(tmp_path: Path) -> None:
    text = (
        "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: a>=1\n"
        'Requires-Dist: b; extra == "x"\nProvides-Extra: x\nSummary: long\n  line\n'
        "\nVersion: 9\nRequires-Dist: no\n"
    )
    put(tmp_path, "demo-1.0.dist-info", text=text)
    put(tmp_path, "silent-1.0.dist-info")
    put(tmp_path, "twice-1.0.dist-info", text=text)
    put(tmp_path, "twice-2.0.dist-info", text=text)
    found = metadata(tmp_path)
    assert found.keys() == {"demo"}
    assert found["demo"].version == "1.0"
    assert found["demo"].requires == ("a>=1", 'b; extra == "x"')
    assert found["demo"].extras == ("x",)


def test_the_modules_that_distributions_bring(tmp_path: Path) -> None:
    for name, record in {
        "PyYAML-6.0": "yaml/__init__.py,sha256=x,1\n_yaml.cpython-312.so,,\nPyYAML-6.0.dist-info/RECORD,,\n",
        "six-1.0": "six.py,,\n../../bin/six,,\n__pycache__/six.cpython-312.pyc,,\n",
    }.items():
        (tmp_path / f"{name}.dist-info").mkdir()
        (tmp_path / f"{name}.dist-info" / "RECORD").write_text(record, encoding="utf-8")
    (tmp_path / "bare-1.dist-info").mkdir()
    found = modules(tmp_path)
    assert found == {"pyyaml": {"yaml", "_yaml"}, "six": {"six"}, "bare": frozenset()}


@pytest.mark.parametrize(
    ("record", "is_own"),
    [
        ('{"url": "PROJECT", "dir_info": {"editable": true}}', True),
        ('{"url": "PROJECT/x/..", "dir_info": {"editable": true}}', True),
        ('{"url": "PROJECT/.venv/src/lib", "dir_info": {"editable": true}}', False),
        ('{"url": "PROJECT/a%00b", "dir_info": {"editable": true}}', False),
        ('{"url": "PROJECT", "dir_info": {}}', False),
        ('{"url": "PROJECT/../other", "dir_info": {"editable": true}}', False),
        ('{"url": "https://h/a.zip", "dir_info": {"editable": true}}', False),
        ('{"url": 7, "dir_info": {"editable": true}}', False),
        ('{"url": "PROJECT", "dir_info": null}', False),
        ("[]", False),
        ("no json", False),
    ],
)
def test_what_is_edited_in_the_project(tmp_path: Path, record: str, *, is_own: bool) -> None:
    project = tmp_path.resolve() / "pro ject"
    put(tmp_path, "own-1.0.dist-info")
    text = record.replace("PROJECT", project.as_uri())
    (tmp_path / "own-1.0.dist-info" / "direct_url.json").write_text(text, encoding="utf-8")
    put(tmp_path, "other-1.0.dist-info")
    kept = () if is_own else ("own",)
    assert difference({}, installed(tmp_path), project) == Difference((), tuple(sorted(("other", *kept))))
