"""What is said of stale locks, and where an option or the platform forbids to make them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bootstrap.errors import BootstrapError, DriftError
from bootstrap.locks import platforms
from bootstrap.locks.reason import Reason
from bootstrap.report import Problem, Severity
from bootstrap.setup import asked
from bootstrap.setup.context import Context

Reasons = Mapping[str, Sequence[Reason]]
"""Why each layer is to be compiled, by its name."""


def refuse_to_compile(context: Context, reasons: Reasons) -> None:
    """Raise where nothing may be compiled; the error stands where the first reason is seen.

    Locks that lack only what this platform needs are not made for it unasked: they would then lack what
    others need.
    """
    lacking = platforms.lacking(reasons)
    if lacking and not context.options.for_this_platform:
        error = DriftError if context.options.locked else BootstrapError
        raise _error(error, lacking[0], _of_others(context, lacking), _hint_for(lacking))
    found = _told(reasons)
    if context.options.locked:
        message = f"a lock is stale, and --locked forbids to compile it: {_joined(found)}"
        raise _error(DriftError, found[0], message, "run bootstrap without --locked and commit the locks")
    if context.options.offline:
        raise BootstrapError(
            f"a lock must be compiled, and --offline forbids it: {_joined(found)}",
            hint="run bootstrap once without --offline",
            code="offline",
            file=found[0].file,
            line=found[0].line,
        )


def problems(context: Context, reasons: Reasons) -> list[Problem]:
    """Return the reasons as problems where this run may not mend them itself."""
    if not context.options.only_looks:
        return []
    severity = Severity.ERROR if context.options.check else Severity.WARNING
    lacking = platforms.lacking(reasons)
    hint = _hint_for(lacking) if lacking else "run bootstrap and commit the locks"
    return [
        Problem(one.code, one.message, hint, one.file, one.line, severity=severity)
        for one in _told(reasons)
        if one.code != asked.UPGRADE
    ]


def summary(reasons: Reasons) -> str:
    """Return the first reason in words, and how many more there are."""
    first, *others = _told(reasons)
    return f"{first.message}, and {len(others)} more" if others else first.message


def _error(kind: type[BootstrapError], first: Reason, message: str, hint: str) -> BootstrapError:
    return kind(message, hint=hint, code=first.code, file=first.file, line=first.line)


def _of_others(context: Context, lacking: Sequence[Reason]) -> str:
    python, why = context.python(), {reason.package: reason for reason in reversed(lacking) if reason.package}
    return (
        f"the locks were made on another platform than this one ({python.platform}, Python {python}) "
        f"and lack {_packages(lacking)}: {_joined([*reversed(why.values())])}"
    )


def _hint_for(lacking: Sequence[Reason]) -> str:
    return (
        f"name {_packages(lacking)} in a .in file without a marker, so that the locks of all platforms "
        "have it; or, if only this platform counts, make the locks for it: bootstrap lock"
    )


def _packages(lacking: Sequence[Reason]) -> str:
    return ", ".join(dict.fromkeys(reason.package for reason in lacking if reason.package))


def _told(reasons: Reasons) -> list[Reason]:
    """Return the first reason of each layer; where a line or a message stands for several, once."""
    told: dict[tuple[str, int | None] | str, Reason] = {}
    for first, *_ in reasons.values():
        told.setdefault(first.message if first.line is None else (first.file, first.line), first)
    return list(told.values())


def _joined(told: Sequence[Reason]) -> str:
    return "; ".join(one.message for one in told)
