"""How an ASGI server starts the site; production unless DJANGO_SETTINGS_MODULE says otherwise."""

import os

from django.core.asgi import get_asgi_application

from .monitoring import start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "projectname.settings.production")

start()
application = get_asgi_application()
