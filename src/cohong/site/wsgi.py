"""The entry for a WSGI server: each of its processes imports it."""

from cohong.site.loaded import application
from cohong.site.warming import warm_aside

__all__ = ["application"]

# Not where it is loaded: what is forked while a thread is at work would have that thread's locks, and nobody to open them.
warm_aside(application)
