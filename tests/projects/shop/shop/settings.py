"""The sample shop's settings; every value comes from the environment."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-checks")
DEBUG = os.environ.get("DEBUG") == "true"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ROOT / "db.sqlite3"}}
