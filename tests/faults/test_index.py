"""An index that refuses, lies, or dies at any request: old locks and the environment stay as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import command
from tests.faults.subject import Subject, publish
from tests.index.server import Failing, PackageIndex

INSTALLERS = ["pip", "uv"]


@pytest.fixture(scope="module")
def broken() -> Iterator[PackageIndex]:
    """Serve tiny packages; each test breaks and mends this index."""
    with PackageIndex() as index:
        yield publish(index)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, broken: PackageIndex) -> Subject:
    """Give a project that is set up and saved, and whose requirements then changed."""
    subject = Subject(tmp_path_factory.mktemp("index"), broken.url).make()
    done = subject.run("--installer=pip")
    assert done.code == 0, done.err
    subject.write({"requirements/base.in": "alpha\ndelta\n"})
    subject.save()
    return subject


@pytest.fixture
def changed(prepared: Subject, broken: PackageIndex) -> Iterator[Subject]:
    prepared.restore()
    broken.forget_requests()
    yield prepared
    broken.mend()


def refused(subject: Subject, expected: str, *arguments: str, url: str | None = None) -> command.Completed:
    """Run the tool and see that it fails as it should: said in words, and with nothing changed."""
    before = command.fingerprint(subject.root / "requirements")
    installed = command.distributions(subject.root)
    env = {} if url is None else {"PIP_INDEX_URL": url}
    done = subject.run(*arguments, env=env)
    assert done.code == 1, done.err
    assert re.search(expected, done.err), done.err
    assert re.search(r"^  fix: ", done.err, re.MULTILINE), done.err
    assert command.fingerprint(subject.root / "requirements") == before
    assert command.distributions(subject.root) == installed
    assert not (subject.venv / ".bootstrap-unfinished").exists()
    return done


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param(404, "no index knows a package called alpha", marks=pytest.mark.faults),
        (500, "answered 500"),
        pytest.param("cut", "cannot be reached", marks=pytest.mark.faults),
    ],
)
def test_an_index_that_fails_while_locks_are_compiled(
    changed: Subject, broken: PackageIndex, how: Failing, expected: str
) -> None:
    broken.fail("/simple/*", how)
    refused(changed, expected)


def test_an_index_that_is_not_there(changed: Subject) -> None:
    refused(changed, "cannot be reached", url="http://127.0.0.1:9/simple")


@pytest.mark.parametrize("installer", INSTALLERS)
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param(404, "answered 404", marks=pytest.mark.faults),
        pytest.param(500, "answered 500", marks=pytest.mark.faults),
        pytest.param("cut", "cannot be reached", marks=pytest.mark.faults),
        ("corrupt", "not the one that was locked"),
    ],
)
def test_an_index_that_fails_while_files_are_fetched(
    changed: Subject, broken: PackageIndex, how: Failing, expected: str, installer: str
) -> None:
    assert changed.run("--skip=install").code == 0
    broken.fail("/files/*.whl", how)
    refused(changed, expected, f"--installer={installer}")


@pytest.mark.faults
@pytest.mark.parametrize("installer", INSTALLERS)
def test_an_index_that_dies_at_any_request(
    changed: Subject, broken: PackageIndex, installer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It answers ``k`` requests and none after them, for every ``k`` that a whole run asks."""
    assert changed.run(f"--installer={installer}").code == 0
    total = len(broken.paths())
    assert total > 3
    uv_cache = changed.base / "home" / ".cache" / "uv"
    for answered in range(total):
        changed.restore()
        uv_cache.rename(changed.base / f"uv-{installer}-{answered}") if uv_cache.exists() else None
        broken.mend()
        broken.die_after(answered)
        done = changed.run(f"--installer={installer}")
        assert done.code == 1, f"{answered} of {total}: {done.err}"
        assert "  fix: " in done.err
        assert changed.outcome().distributions == {"alpha": "1.1", "beta": "1.0", "gamma": "1.0"}
        assert not (changed.venv / ".bootstrap-unfinished").exists()
    broken.mend()
    assert changed.run(f"--installer={installer}").code == 0
    with capsys.disabled():
        print(f"\nthe index dies, {installer}: {total} points")


@pytest.mark.faults
def test_a_rebuild_without_an_index_brings_the_old_environment_back(
    tmp_path: Path, small: PackageIndex
) -> None:
    subject = Subject(tmp_path, small.url).make()
    assert subject.run("--installer=pip").code == 0
    (subject.venv / "mine.txt").write_text("kept")
    before = command.distributions(subject.root)
    small.fail("*", 500)
    done = subject.run("--rebuild", "--installer=pip")
    assert done.code == 1, done.err
    assert (subject.venv / "mine.txt").read_text() == "kept"
    assert command.distributions(subject.root) == before
    assert not (subject.root / ".venv.bootstrap-old").exists()
    assert subject.run("--check").code == 0
