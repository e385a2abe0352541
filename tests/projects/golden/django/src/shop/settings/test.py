"""The tests: nothing of the machine counts but DATABASE_URL, for a run against the real database."""

import dj_database_url

from ._env import text
from .base import *

DEBUG = False
SECRET_KEY = "only-for-the-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver"]
DATABASES = {"default": dj_database_url.parse(text("DATABASE_URL", "sqlite://:memory:"))}
# The real one is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# Static files are served from where they lie: no test needs collectstatic.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
