from __future__ import annotations

import json
import os
import platform
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import default_environment

from bootstrap.pythons import interpreter
from bootstrap.pythons.builds import Build


def test_inspect_tells_the_facts_of_a_real_interpreter() -> None:
    found = interpreter.inspect(Path(sys.executable), "PATH")
    assert found is not None
    assert found.path == Path(sys.executable)
    assert found.version.split("rc")[0].startswith("{}.{}.{}".format(*sys.version_info))
    assert found.implementation == sys.implementation.name
    assert found.found_by == "PATH"
    assert found.free_threaded is bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    assert found.markers == default_environment()
    assert found.platform == sysconfig.get_platform()
    assert found.base == Path(os.path.realpath(sys._base_executable))  # type: ignore[attr-defined]
    assert found.build.release == sys.version_info[:3]


def test_the_script_keeps_to_the_syntax_of_python_3_6() -> None:
    import ast

    ast.parse(interpreter.SCRIPT, feature_version=(3, 6))


@pytest.mark.skipif(platform.system() == "Windows", reason="programs are shell scripts here")
@pytest.mark.parametrize("script", ["exit 1", "echo hello", "echo {}", "true", "echo '[]'", "kill -9 $$"])
def test_a_broken_one_is_none(tmp_path: Path, script: str) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    assert interpreter.inspect(program, "PATH") is None


def test_what_cannot_be_started_is_none(tmp_path: Path) -> None:
    assert interpreter.inspect(tmp_path / "absent", "PATH") is None


FACTS = {
    "version": "3.12.1",
    "implementation": "cpython",
    "free_threaded": False,
    "base": "/usr/bin/python3.12",
    "platform": "linux-x86_64",
    "markers": {"python_full_version": "3.12.1", "implementation_version": "3.12.1"},
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Build("cpython", (3, 12, 1))),
        ({"version": "3.14.0rc2"}, Build("cpython", (3, 14, 0), "rc2")),
        ({"free_threaded": True}, Build("cpython", (3, 12, 1), free_threaded=True)),
        (
            {"markers": {"python_full_version": "3.12.1+", "implementation_version": "3.12.1"}},
            Build("cpython", (3, 12, 1), development=True),
        ),
        (
            {
                "implementation": "pypy",
                "version": "3.10.13",
                "markers": {"python_full_version": "3.10.13", "implementation_version": "7.3.15"},
            },
            Build("pypy", (3, 10, 13), own_release=(7, 3, 15)),
        ),
    ],
)
def test_build(changed: dict[str, object], expected: Build) -> None:
    found = interpreter.understand(f"noise\n{json.dumps(FACTS | changed)}\n", Path("/p"), "PATH")
    assert found is not None
    assert found.build == expected


@pytest.mark.parametrize("missing", list(FACTS))
def test_an_answer_that_lacks_a_fact_is_none(missing: str) -> None:
    facts = {name: value for name, value in FACTS.items() if name != missing}
    assert interpreter.understand(json.dumps(facts), Path("/p"), "PATH") is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(FACTS)), inner),
    )
)
def test_any_json_is_an_interpreter_or_none(answer: object) -> None:
    assert interpreter.understand(json.dumps(answer), Path("/p"), "PATH") is None
