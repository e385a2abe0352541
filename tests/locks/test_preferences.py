from __future__ import annotations

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.locks.lockfile import parse_lock
from bootstrap.locks.preferences import Preferences, most_held

LOCKS = [parse_lock(text, "x") for text in ("a==1 --hash=sha256:00\n    # via b\nb==1", "a==2\nb==1.0\nc==1")]


def held(moving: str = "") -> Preferences:
    return Preferences.of(LOCKS, moving.split().__contains__)


def conflict(*pins: str) -> BootstrapError:
    lines = "\n".join(f"    The user requested (constraint) {pin}" for pin in pins)
    return BootstrapError(f"no way; the conflict is caused by:\n{lines}", code="conflict")


def test_the_first_lock_has_the_first_choice() -> None:
    assert held().text() == "a==1 --hash=sha256:00\n    # via b\nb==1\nc==1\n"


def test_what_may_move_is_not_held() -> None:
    assert held("a c").text() == "b==1\n"


def test_where_the_first_choice_is_in_the_way_the_next_takes_its_place() -> None:
    second = held().without_those_in_the_way(conflict("A==1", "unknown==3"))
    assert second is not None
    assert second.text() == "a==2\nb==1\nc==1\n"
    third = second.without_those_in_the_way(conflict("a==2", "c==1"))
    assert third is not None
    assert third.text() == "b==1\n"


def test_a_conflict_without_them_stays_one() -> None:
    assert held().without_those_in_the_way(conflict("z==1")) is None


def chain(*names: str) -> Preferences:
    """Return pins of which each needs the next, and one beside them."""
    text = "".join(
        f"{name}==1\n    # via {above}\n" for above, name in zip(("-r x.in", *names), names, strict=False)
    )
    return Preferences.of([parse_lock(f"{text}other==1\n    # via {names[-1]}x\n", "x")], lambda _: False)


@pytest.mark.parametrize(
    ("names", "left"),
    [("c", "other"), ("a", "other"), ("d", "other"), ("other", "a b c d"), ("unknown", "a b c d other")],
)
def test_kin_is_what_is_needed_and_what_needs_it(names: str, left: str) -> None:
    assert [*chain("a", "b", "c", "d").without_kin(names.split()).pins] == left.split()


def failing(code: str, *pins: str) -> BootstrapError:
    return BootstrapError(conflict(*pins).problem.message if pins else code, code=code)


@pytest.mark.parametrize(
    ("failures", "tried", "told"),
    [
        ([], ["abcd other"], None),
        ([failing("conflict", "b==1")], ["abcd other", "acd other"], None),
        ([failing("conflict", "b==1"), failing("build-failed")], ["abcd other", "acd other", "other"], None),
        ([failing("conflict", "b==1"), failing("conflict")], ["abcd other", "acd other", "other"], None),
        ([failing("build-failed")], ["abcd other"], 0),
        ([failing("conflict", "b==1"), failing("network")], ["abcd other", "acd other"], 1),
        (
            [failing("conflict", "b==1"), *[failing("build-failed")] * 2],
            ["abcd other", "acd other", "other"],
            2,
        ),
        (
            [failing("conflict", "b==1"), failing("not-found"), failing("build-failed")],
            ["abcd other", "acd other", "other"],
            0,
        ),
        ([failing("conflict", "other==1"), failing("not-found")], ["abcd other", "abcd"], 0),
        ([failing("network", "b==1")], ["abcd other"], 0),
        (
            [failing("conflict", "b==1"), failing("not-found"), failing("conflict", "other==1")],
            ["abcd other", "acd other", "other"],
            2,
        ),
    ],
)
def test_as_many_are_held_as_it_succeeds_with(
    failures: list[BootstrapError], tried: list[str], told: int | None
) -> None:
    seen, waiting = list[str](), list(failures)

    def attempt(held: Preferences) -> str:
        seen.append("".join(name if len(name) == 1 else f" {name}" for name in held.pins).strip())
        if waiting:
            raise waiting.pop(0)
        return "done"

    if told is None:
        assert most_held(chain("a", "b", "c", "d"), attempt) == "done"
    else:
        with pytest.raises(BootstrapError) as caught:
            most_held(chain("a", "b", "c", "d"), attempt)
        assert caught.value is failures[told]
    assert seen == tried
