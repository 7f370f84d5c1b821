"""For those who run their own WSGI server behind a proxy that buffers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "withus.settings")
application = get_wsgi_application()
