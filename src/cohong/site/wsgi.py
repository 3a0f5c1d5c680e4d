"""The entry for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cohong.site.settings")
application = get_wsgi_application()

from cohong.catalog import api as catalog  # noqa: E402 - models can be imported once Django stands

# Dictionaries take a second to read: before the first visitor comes rather than while they wait.
catalog.warm_search()
