"""The web process."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from daifa.kit import log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
log.configure()
application = get_wsgi_application()
