"""Thousands of generated files: their values are python-dotenv's, and merging holds its five invariants."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.merge import merge
from tests.envfiles import files, test_document, test_merge

FILES = 3000
HISTORIES = 1000
_WITHOUT_HURRY = settings(
    max_examples=FILES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.faults
def test_values_agree_with_load_dotenv_over_thousands_of_files() -> None:
    seen = {"agreed": 0, "refused": 0}

    @_WITHOUT_HURRY
    @given(files.tidy(), files.hosts)
    def agree(content: bytes, host: dict[str, str]) -> None:
        document, refusal = test_document._read(content)
        if document is None:
            assert refusal is not None
            assert refusal.problem.code == "unterminated-quote"
            seen["refused"] += 1
            return
        by_itself, environment = test_document._loaded(content, host)
        assert document.resolved(host) == by_itself
        assert {**document.resolved(host), **host} == environment
        seen["agreed"] += 1

    agree()
    assert seen["agreed"] > FILES * 0.9
    print(f"python-dotenv: {seen['agreed']} files agreed, {seen['refused']} refused for a lost quote")


@pytest.mark.faults
def test_five_invariants_hold_over_thousands_of_steps() -> None:
    steps = 0

    @settings(_WITHOUT_HURRY, max_examples=HISTORIES)
    @given(st.lists(test_merge._examples(), min_size=2, max_size=5), st.data())
    def hold(history: list[bytes], data: st.DataObject) -> None:
        nonlocal steps
        env = merge(parse(history[0], ".env.example"), None).content
        for content in history[1:]:
            env = data.draw(test_merge._edited(env))
            before, example = parse(env, ".env"), parse(content, ".env.example")
            merged = merge(example, before)
            test_merge._hold(example, before, merged)
            env = merged.content
            steps += 1

    hold()
    assert steps > HISTORIES
    print(f"merge: {steps} steps held the five invariants")
