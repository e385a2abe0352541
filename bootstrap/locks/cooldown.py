"""The cooldown: what has not been on the index for some days is not chosen, as it may yet be found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_SECOND = 1_000_000_000


def cut_off(now: int, days: int | None) -> str | None:
    """Return the instant (ISO 8601) before which a file must have been uploaded, or None without a cooldown.

    ``now`` is in nanoseconds since 1970. pip is given an instant rather than a number of days, so that all of
    a run sees the same index.
    """
    if not days:
        return None
    return (datetime.fromtimestamp(now // _SECOND, UTC) - timedelta(days=days)).isoformat()
