"""Errors are told to Sentry, where SENTRY_DSN says which; else to nobody."""

import os

import sentry_sdk


def start() -> None:
    """Begin to listen; called by the servers' modules, so that commands and tests tell nothing."""
    dsn = os.environ.get("SENTRY_DSN")
    if dsn:
        sentry_sdk.init(dsn=dsn, send_default_pii=False)
