"""Names that decide which code a program runs: no example file may bring them into an environment."""

from __future__ import annotations

from bootstrap.envfiles.document import Document
from bootstrap.report import Problem, Severity

# fmt: off
_DANGEROUS = frozenset(
    {
        "BASH_ENV", "ENV", "GCONV_PATH", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "GIT_EXEC_PATH",
        "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_PROXY_COMMAND", "GIT_SSH", "GIT_SSH_COMMAND", "IFS",
        "JAVA_TOOL_OPTIONS",
        "NODE_OPTIONS", "NODE_PATH", "PATH", "PERL5LIB", "PERL5OPT", "PROMPT_COMMAND", "PYTHONBREAKPOINT",
        "PYTHONEXECUTABLE", "PYTHONHOME", "PYTHONINSPECT", "PYTHONPATH", "PYTHONPLATLIBDIR",
        "PYTHONPYCACHEPREFIX", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONWARNINGS", "RUBYLIB", "RUBYOPT",
        "SHELLOPTS", "VIRTUAL_ENV", "_JAVA_OPTIONS",
    }
)
# fmt: on
_FAMILIES = ("LD_", "DYLD_", "BASH_FUNC_", "GIT_CONFIG_")


def is_dangerous(key: str) -> bool:
    """Tell whether a variable decides which code runs, in any program or in the usual interpreters."""
    return key.upper() in _DANGEROUS or key.upper().startswith(_FAMILIES)


def dangerous_keys(document: Document) -> frozenset[str]:
    """Return the keys of an example that must not be copied: those with a value."""
    return frozenset(e.key for e in document.entries if e.value.strip() and is_dangerous(e.key))


def dangerous(example: Document, env: Document | None) -> list[Problem]:
    """Return a ``dangerous-name`` problem for each such key: a warning where the user's own file has it."""
    accepted = env.last_entries if env else {}
    keys = dangerous_keys(example)
    return [
        Problem(
            "dangerous-name",
            f"{entry.key} decides which code programs run, so its value is not taken from {example.name}",
            f"delete it from {example.name}; who wants it sets it in a file of their own",
            example.name,
            entry.line,
            entry.key,
            Severity.WARNING if entry.key in accepted else Severity.ERROR,
        )
        for entry in example.last_entries.values()
        if entry.key in keys
    ]
