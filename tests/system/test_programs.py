from __future__ import annotations

import os
import signal
import sys

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import programs


def test_on_windows_the_exit_code_of_a_child_is_passed_on() -> None:
    before = signal.getsignal(signal.SIGINT)
    code = "import os, sys; sys.exit(int(os.environ['CODE']))"
    with pytest.raises(SystemExit) as caught:
        programs.become([sys.executable, "-c", code], {**os.environ, "CODE": "37"}, "win32")
    assert caught.value.code == 37
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("platform", ["win32", sys.platform])
def test_a_program_that_is_not_there_is_said(platform: str) -> None:
    before = signal.getsignal(signal.SIGPIPE) if hasattr(signal, "SIGPIPE") else None
    try:
        with pytest.raises(BootstrapError, match="cannot start nowhere: there is no such program"):
            programs.become(["nowhere"], {"PATH": os.defpath}, platform)
    finally:
        if hasattr(signal, "SIGPIPE"):
            signal.signal(signal.SIGPIPE, before)


def test_a_value_that_no_environment_can_hold_is_not_told() -> None:
    with pytest.raises(BootstrapError) as caught:
        programs.become([sys.executable], {"A": "S3ntinel\0"}, sys.platform)
    assert "S3ntinel" not in str(caught.value)
