"""For those who run their own WSGI server behind a proxy that buffers."""

import os

from django.core.wsgi import get_wsgi_application

from withus.running import surroundings

surroundings.refuse_wrong(serves=True)
surroundings.keep_to_us()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "withus.settings")
application = get_wsgi_application()
