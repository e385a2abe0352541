"""``holds.toml``: the tool's entries come and go, all else stays as it is."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.upgrades import holds
from bootstrap.upgrades.holds import Hold

CELERY = Hold("celery", "5.4.0", "5.6.0", "2026-10-03", "on its own: boom", ("kombu",))
REDIS = Hold("redis", "5", "6", "2026-11-03", 'a "quote" \\ and\ttab')


def test_written_and_read() -> None:
    text = holds.written("", [REDIS, CELERY])
    assert text.startswith("# What `bootstrap upgrade` held back")
    assert holds.read(text, "holds.toml") == (CELERY, REDIS)
    assert holds.written(text, [REDIS, CELERY]) == text


def test_nothing_is_written_for_nothing() -> None:
    assert holds.written("", []) == ""
    assert holds.written(holds.written("", [CELERY]), []) == ""


def test_comments_and_other_tables_stay() -> None:
    text = (
        "# ours, do not touch\n\n[[hold]]  # until the broker is new\npackage = 'celery'\nkept = \"5.4.0\"\n"
        'tried = "5.6.0" # so far\nsince = "2026-10-03"\nnote = "ask Ann"\n\n'
        '[[hold]]\npackage = "gone"\nkept = "1"\ntried = "2"\n'
    )
    assert holds.written(text, [CELERY]) == text[: text.index('\n[[hold]]\npackage = "gone"')]
    newer = holds.written(text, [Hold("celery", "5.4.0", "5.7.0", "2026-11-03", "again"), REDIS])
    assert "# ours, do not touch" in newer
    assert 'tried = "5.7.0"' in newer
    assert 'since = "2026-10-03"\nnote = "ask Ann"' in newer
    assert [hold.package for hold in holds.read(newer, "holds.toml")] == ["celery", "redis"]
    assert holds.written("# ours\n", []) == "# ours\n"


def test_what_stands_between_two_holds_outlives_either() -> None:
    gone, celery = (
        '[[hold]]\npackage = "gone"\n',
        '[[hold]]\npackage = "celery"\nkept = "5.4.0"\ntried = "5.6.0"\n',
    )
    text = f"# ours\n{gone}\n# ask Ann\n{celery}\n[notes]\nbroker = 'old'\n"
    assert holds.written(text, [CELERY]) == f"# ours\n\n# ask Ann\n{celery}\n[notes]\nbroker = 'old'\n"
    assert (
        holds.written(text, [Hold("gone", "", "", "", "")]) == f"# ours\n\n{gone}\n[notes]\nbroker = 'old'\n"
    )
    assert holds.written(text, holds.read(text, "holds.toml")) == text


@pytest.mark.parametrize(
    "text",
    [
        'hold = [{package = "celery"}]\n',
        '[[hold]]\npackage = "celery"\nreason = """\n[[hold]]\n"""\n',
        '["hold"]\npackage = "celery"\n',
    ],
)
def test_holds_in_a_form_that_could_not_be_kept_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"\[\[hold\]\]"):
        holds.read(text, "holds.toml")


@pytest.mark.parametrize("text", ["[[hold]\n", "hold = 3\n", "[[hold]]\nkept = '1'\n"])
def test_what_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        holds.read(text, "requirements/holds.toml")
    assert caught.value.problem.file == "requirements/holds.toml"
    assert caught.value.problem.hint


@given(st.text(), st.text(max_size=20), st.lists(st.text(max_size=8), max_size=3))
def test_any_reason_can_be_written(reason: str, version: str, together: list[str]) -> None:
    reason = "".join(char for char in reason if not 0xD800 <= ord(char) < 0xE000)
    hold = Hold("x", "1", "2", "2026-11-03", reason)
    text = holds.written("", [hold])
    (read,) = tomllib.loads(text)["hold"]
    assert read["reason"] == reason[:300]
