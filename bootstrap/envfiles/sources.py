"""Where a value comes from: the one rule of precedence, host environment first, then the env file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.envfiles.document import Document, Entry


@dataclass(frozen=True, slots=True)
class Found:
    """The value that a program sees; ``entry`` is where the file sets it, None for the host's."""

    value: str = field(repr=False)
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The host environment and, where it is read at all, the env file; ``resolved`` are the file's values.

    With ``override`` the file wins.
    """

    host: Mapping[str, str] = field(repr=False)
    entries: Mapping[str, Entry] = field(repr=False)
    resolved: Mapping[str, str] = field(repr=False)
    override: bool = False

    def find(self, key: str) -> Found | None:
        """Return the value that wins.

        A host variable wins also where it is the empty string, as in ``load_dotenv(override=False)``; the
        check takes it for missing.
        """
        entry = self.entries.get(key)
        if key in self.host and not (entry and self.override):
            return Found(self.host[key])
        return Found(self.resolved[key], entry) if entry else None


def sources_of(env: Document | None, host: Mapping[str, str], *, override: bool = False) -> Sources:
    """Return the sources; without ``env`` (in CI, ``--source host``) the host alone is read.

    With ``override`` the file comes before the host.
    """
    if env is None:
        return Sources(host, {}, {})
    return Sources(host, env.last_entries, env.resolved(host, override=override), override)
