"""A developer's machine. The only settings that read .env, before anything else looks at the environment."""

from pathlib import Path

import dj_database_url
from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parents[3] / ".env")

from ._env import required, text  # noqa: E402
from .base import *  # noqa: E402
from .base import INSTALLED_APPS, MIDDLEWARE, ROOT  # noqa: E402

DEBUG = True
SECRET_KEY = required("DJANGO_SECRET_KEY")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
INTERNAL_IPS = ["127.0.0.1", "::1"]

# The path is absolute: a relative one would be another database in each folder you stand in. With a
# write-ahead log readers and a writer do not wait for each other.
_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": ROOT / "db.sqlite3",
    "OPTIONS": {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "transaction_mode": "IMMEDIATE",
    },
}
DATABASES = {
    "default": dj_database_url.parse(text("DATABASE_URL"), conn_health_checks=True)
    if text("DATABASE_URL")
    else _SQLITE
}

# Without it runserver would serve static files before WhiteNoise does, unlike production.
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS, "debug_toolbar"]
# Behind the health checks, which stay first.
MIDDLEWARE = [MIDDLEWARE[0], "debug_toolbar.middleware.DebugToolbarMiddleware", *MIDDLEWARE[1:]]

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
