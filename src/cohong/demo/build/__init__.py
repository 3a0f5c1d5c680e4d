"""Build the demo region through the platform's own acts, as its people would: never by writing tables.

Building can be stopped at any moment, by `kill -9` too, and called again: it goes on where it was, and does nothing
when all is done. Each stage is one transaction or several, and recognises what is there. The time of the first
company's registration fixes the demo's calendar, so that a build that goes on the next day tells the same story.
"""

from cohong.demo.build.building import build
from cohong.demo.build.calendar import NotTheDemos
from cohong.demo.build.records import write_records
from cohong.demo.build.users import DEMO_PASSWORD, DemoUser, demo_users, who_can_sign_in

__all__ = [
    "DEMO_PASSWORD",
    "DemoUser",
    "NotTheDemos",
    "build",
    "demo_users",
    "who_can_sign_in",
    "write_records",
]
