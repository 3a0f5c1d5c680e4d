"""The application, and all that takes long to read: once, before a server's processes are forked, which then share it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cohong.site.settings")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - as below

from cohong.catalog import api as catalog  # noqa: E402 - models can be imported once Django stands

# Dictionaries and all pages' code take a second each to read: before the first visitor comes rather than while they wait.
catalog.warm_search()
_ = get_resolver().url_patterns
# What is loaded stays: nobody has to wait while it is looked through for garbage.
gc.freeze()
