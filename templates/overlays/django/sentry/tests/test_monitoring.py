"""Nothing is told to anybody unless somebody is named."""

import pytest
import sentry_sdk


def test_without_an_address_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    from projectname import monitoring

    monkeypatch.delenv("SENTRY_DSN", raising=False)
    monitoring.start()
    assert not sentry_sdk.get_client().is_active()
