"""Work done outside a request.

A worker is started in src/ by: celery --app projectname worker
It needs a Redis server, by default the one of this machine. Tasks stand in the tasks.py of each app, marked
with celery's shared_task.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "projectname.settings.production")

app = Celery("projectname")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
