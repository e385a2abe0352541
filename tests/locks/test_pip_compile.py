"""What the real pip-compile writes is read back, and found fresh; what changes after it is found stale."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from packaging.markers import default_environment

from bootstrap.locks.layers import Layer, discover, read_inputs
from bootstrap.locks.lockfile import header_command, parse_lock
from bootstrap.locks.staleness import stale_reasons
from tests.index.wheels import Distribution
from tests.locks.headers import expected_header

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
HERE = {name: str(value) for name, value in default_environment().items()}
OPTIONS = ("--no-config", "--allow-unsafe", "--generate-hashes", "--no-emit-index-url", "--strip-extras")
QUIET = ("--no-emit-find-links", "--no-emit-trusted-host")
WHEELS = (
    Distribution("web", "1.0", requires=["util>=1"], extras={"speed": ["fast"]}),
    Distribution("util", "1.0"),
    Distribution("util", "2.0"),
    Distribution("fast", "1.0"),
    Distribution("tool", "1.0", requires=["util"]),
    Distribution("pre", "1.0rc1"),
    Distribution("setuptools", "80.0"),
    Distribution("loop-a", "1.0", requires=["loop-b"]),
    Distribution("loop-b", "1.0", requires=["loop-a"]),
)
SHAPES: Mapping[str, Mapping[str, str]] = {
    "alone": {
        "base.in": "web[speed] >= 1   # c\nutil\npre>=0.9a\nsetuptools\nloop-a\ngone; os_name == 'none'"
    },
    "empty": {"base.in": "# nothing yet\n"},
    "marker": {"base.in": "web; python_version > '3'\nutil; os_name == 'none'\nutil; os_name != 'none'"},
    "-r in": {"base.in": "web[speed]\nutil", "dev.in": "-r base.in\ntool\nutil>=1\nweb"},
    "-r txt": {"base.in": "web[speed]", "dev.in": "-r base.txt\ntool"},
    "-c txt": {"base.in": "web", "dev.in": "-c base.txt\ntool"},
    "both": {"base.in": "web[speed]\nutil<2", "dev.in": "-r base.in\n-c base.txt\ntool"},
    "limits": {"base.in": "web\n-c limits.txt", "limits.txt": "util<2\n-r more.txt", "more.txt": "tool"},
    "diamond": {
        "base.in": "util",
        "a.in": "-r base.in\nweb",
        "b.in": "-r base.txt\ntool",
        "c.in": "-r a.in\n-r b.in",
    },
    "folders": {
        "base.in": "util",
        "sub/x.in": "-r ../base.in\ntool",
        "my dev.in": "-r sub/x.in\n-r 'more of.txt'",
        "more of.txt": "fast",
    },
}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for distribution in WHEELS:
        (folder / distribution.wheel_name).write_bytes(distribution.wheel())
    return folder


def pip_compile(root: Path, wheels: Path, *options: str, **variables: str) -> None:
    """Run pip-compile in a project's root, with ``wheels`` for its index and no settings of this machine."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    done = subprocess.run(
        [sys.executable, "-m", "piptools", "compile", "--quiet", *options],
        cwd=root,
        env={**environ, **settings, "PIP_CACHE_DIR": str(root / ".cache"), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def reader(root: Path, path: PurePosixPath) -> str | None:
    return (root / path).read_text(encoding="utf-8") if (root / path).is_file() else None


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / "requirements" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def layers_of(root: Path) -> tuple[Layer, ...]:
    paths = [
        PurePosixPath(path.relative_to(root).as_posix()) for path in (root / "requirements").glob("*.in")
    ]
    return discover(paths, lambda path: reader(root, path))


def told(root: Path) -> dict[str, list[str]]:
    """Return why each layer is stale, without those that are fresh."""
    layers = layers_of(root)
    inputs = read_inputs(layers, lambda path: reader(root, path))
    texts = {layer.lock: reader(root, layer.lock) or "" for layer in layers}
    locks = {path: parse_lock(text, str(path)) for path, text in texts.items()}
    reasons = stale_reasons(layers, inputs, locks, python=PYTHON, markers=HERE, hashes=True)
    return {name: [one.message for one in found] for name, found in reasons.items()}


def lock_all(root: Path, wheels: Path, *options: str) -> None:
    for layer in layers_of(root):
        command = header_command(layer.source, layer.lock, hashes=True)
        paths = (f"--output-file={layer.lock}", str(layer.source))
        pip_compile(root, wheels, *OPTIONS, *QUIET, *options, *paths, CUSTOM_COMPILE_COMMAND=command)


@pytest.mark.parametrize(
    "name", ["requirements/base.in", "my reqs/it's base.in", "requirements.in", "a$b/é.in"]
)
@pytest.mark.parametrize("hashes", [True, False])
def test_the_header_is_that_of_pip_compile(name: str, tmp_path: Path, wheels: Path, *, hashes: bool) -> None:
    source = PurePosixPath(name)
    lock = source.with_suffix(".txt")
    (tmp_path / source).parent.mkdir(exist_ok=True)
    (tmp_path / source).write_bytes(b"")
    options = [option for option in OPTIONS if hashes or option != "--generate-hashes"]
    pip_compile(tmp_path, wheels, *options, f"--output-file={lock}", str(source), PIP_FIND_LINKS="")
    header = expected_header(PYTHON, source, lock, hashes=hashes)
    assert (tmp_path / lock).read_bytes().decode() == header
    assert parse_lock(header, str(lock)).command == header_command(source, lock, hashes=hashes)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_pip_compile_just_wrote_is_fresh(shape: str, tmp_path: Path, wheels: Path) -> None:
    write(tmp_path, SHAPES[shape])
    lock_all(tmp_path, wheels)
    assert told(tmp_path) == {}


def test_the_other_style_of_annotation_is_fresh_too(tmp_path: Path, wheels: Path) -> None:
    write(tmp_path, SHAPES["both"])
    lock_all(tmp_path, wheels, "--annotation-style=line")
    assert told(tmp_path) == {}


def test_each_change_is_seen_in_the_layers_it_concerns(tmp_path: Path, wheels: Path) -> None:
    write(tmp_path, SHAPES["both"])
    lock_all(tmp_path, wheels)
    changes = {
        "web[speed]\nutil<2\nfast": {"base", "dev"},
        "web[speed]": {"base", "dev"},
        "web\nutil>=2": {"base", "dev"},
        "web[speed]  # c\n\nutil < 2\n": set(),
        "web[speed]\nutil<2\ntool; sys_platform == 'nowhere'": set(),
    }
    for text, stale in changes.items():
        write(tmp_path, {"base.in": text})
        assert set(told(tmp_path)) == stale, text
