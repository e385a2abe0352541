"""The CI jobs that are written, and the lock headers that other bots must be able to read."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from bootstrap.scaffold import templates
from bootstrap.upgrades import workflow
from tests import command
from tests.locks.headers import expected_header

# What the bot's own grammar allows in the header of a lock (research of its manager for pip-compile).
_HEADER = re.compile(r"^(?:#.*?\r?\n)+# {4}(?P<command>\S*)(?P<arguments> .*?)?\r?\n", re.MULTILINE)
_ALLOWED = ("--allow-unsafe", "--generate-hashes", "--no-emit-index-url", "--strip-extras", "--output-file=")


IDENTITY = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_written_once_and_never_over_another_file(git_project: Path, host: str) -> None:
    (git_project / ".python-version").write_text("3.13\n")
    first = command.run("upgrade", "--write-workflow", host, cwd=git_project)
    path = git_project / workflow.PATHS[host]
    assert first.code == 0, first.err
    assert "UPGRADE_TOKEN" in first.err
    again = command.run("upgrade", "--write-workflow", host, cwd=git_project)
    assert (again.code, "up to date" in again.err) == (0, True)
    path.write_text("mine\n")
    refused = command.run("upgrade", "--write-workflow", host, cwd=git_project)
    assert (refused.code, path.read_text()) == (2, "mine\n")


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_what_it_does(host: str) -> None:
    text = workflow.text(host)
    assert "bootstrap upgrade" in text
    assert "--report" in text
    assert "bootstrap/upgrade" in text  # one branch, hence one pull request
    assert "Token:" in text
    assert "Renovate" in text
    assert "\t" not in text
    for cache in ("pip", "bootstrap"):
        assert re.search(rf"\.cache/{cache}", text)


def test_a_new_project_has_the_same_job() -> None:
    for template in templates.NAMES:
        path = templates.folder() / template / workflow.PATHS["github"]
        assert path.read_text(encoding="utf-8") == workflow.text("github")


@pytest.mark.parametrize("host", ["github", "gitlab"])
@pytest.mark.parametrize("layer", ["requirements/base", "dev-requirements", "requirements", "deps/base"])
def test_the_patch_holds_the_locks_and_the_holds_wherever_they_lie(
    git_project: Path, host: str, layer: str
) -> None:
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("there is no bash to run the job's lines with")
    lock, holds = git_project / f"{layer}.txt", (git_project / layer).with_name("holds.toml")
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("django==5.2\n")
    for words in (["add", "."], [*IDENTITY, "commit", "--quiet", "--message", "locked"]):
        subprocess.run(["git", *words], cwd=git_project, check=True)
    lock.write_text("django==6.1\n")
    lines = re.findall(r"^[ -]*(git (?:add|diff) .*)$", workflow.text(host), re.MULTILINE)
    assert len(lines) == 2
    script, env = "set -e\n" + "\n".join(lines), {**os.environ, "RUNNER_TEMP": str(git_project)}
    for expected in ({lock}, {lock, holds}):
        if holds in expected:
            holds.write_text("[[hold]]\n")
        subprocess.run([shell, "-c", script], cwd=git_project, env=env, check=True)
        patch = (git_project / "upgrade.patch").read_text()
        named = {git_project / path for path in re.findall(r"^\+\+\+ b/(.*)$", patch, re.MULTILINE)}
        assert named == expected


def test_the_job_that_runs_fresh_code_cannot_write() -> None:
    text = workflow.text("github")
    upgrade, _, request = text.partition("\n  pull-request:\n")
    assert "permissions: {}" in upgrade
    assert "contents: read" in upgrade
    assert "write" not in upgrade.split("jobs:")[1].split("steps:")[0].replace("no token that can write", "")
    assert "persist-credentials: false" in upgrade
    assert "pull-requests: write" in request
    assert "pip install" not in request


def test_the_bots_can_read_our_headers() -> None:
    paths = PurePosixPath("requirements/dev.in"), PurePosixPath("requirements/dev.txt")
    match = _HEADER.match(expected_header("3.13", *paths, hashes=True))
    assert match is not None
    assert match["command"] == "pip-compile"
    words = shlex.split(match["arguments"])
    options = [word for word in words if word.startswith("-")]
    assert all(word.startswith(_ALLOWED) for word in options)
    assert [word for word in words if not word.startswith("-")] == ["requirements/dev.in"]
