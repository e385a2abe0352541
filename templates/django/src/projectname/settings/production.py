"""Production: every value comes from the host, and a missing one ends the start with its name."""

import dj_database_url

from ._env import csv, flag, number, required, text
from .base import *

DEBUG = False
SECRET_KEY = required("DJANGO_SECRET_KEY")
SECRET_KEY_FALLBACKS = csv(text("DJANGO_SECRET_KEY_FALLBACKS"))
ALLOWED_HOSTS = csv(required("DJANGO_ALLOWED_HOSTS"))
CSRF_TRUSTED_ORIGINS = csv(text("DJANGO_CSRF_TRUSTED_ORIGINS"))
DATABASES = {
    "default": dj_database_url.parse(required("DATABASE_URL"), conn_max_age=600, conn_health_checks=True)
}

# Anybody can send this header, so it counts only where the proxy in front is known to remove it.
if flag("DJANGO_TRUST_PROXY_TLS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = flag("DJANGO_SSL_REDIRECT", default=True)
# An hour to begin with: a browser that was told a year cannot be told otherwise.
SECURE_HSTS_SECONDS = number("DJANGO_HSTS_SECONDS", 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("DJANGO_HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = flag("DJANGO_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("EMAIL_FROM", "webmaster@localhost")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": text("EMAIL_HOST", "localhost"),
            "port": number("EMAIL_PORT", 587),
            "username": text("EMAIL_USER"),
            "password": text("EMAIL_PASSWORD"),
            "use_tls": flag("EMAIL_USE_TLS", default=True),
        },
    },
}
