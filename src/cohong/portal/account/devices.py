"""What a browser calls itself, in words that people know their devices by."""

import re
from typing import Final

from django.utils.translation import gettext as _

_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def is_handheld(agent: str) -> bool:
    """Tell whether it is a phone or a tablet."""
    return bool(re.search(r"Mobile|Android|iPhone|iPad|HarmonyOS", agent))


def device(agent: str) -> str:
    """Name a browser and what it runs on; what it says in full is anybody's guess."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system))) or _("Unknown device")
