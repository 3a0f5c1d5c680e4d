"""Every page in a real browser, on a phone and on a desk: axe finds nothing, nothing hangs over, nothing complains."""

from typing import Any

import authority_town
import pytest
from busy_town import addresses
from portal_town import Town
from portal_window import PHONE, Window, flaws_of
from test_pages import BOUNDS

#: So that the pages are shared out among the tests' processes.
_PARTS = 4
#: A page's name; who looks, and where it is.
Places = dict[str, tuple[str, str]]
#: What a browser downloads instead of showing it.
_FILES = {"canonical", "evidence", "message_picture", "spending_table"}


@pytest.mark.parametrize("part", range(_PARTS))
def test_every_page_can_be_used_by_everyone(town: Town, site: str, browser: Any, part: int):
    here = {
        name: (BOUNDS[name][0], address) for name, address in addresses(town).items() if name not in _FILES
    }
    assert "\n".join(_flaws(browser, site, _part(here, part, _PARTS))) == ""


def test_every_page_of_the_authorities_can_be_used_by_everyone(town: Town, site: str, browser: Any):
    offices = authority_town.offices(town)
    here = {
        name: (authority_town.BOUNDS[name][0], address)
        for name, address in authority_town.addresses(offices).items()
        if name not in authority_town.FILES
    }
    here |= {
        name: ("abacus", address) for name, address in authority_town.register_addresses(offices).items()
    }
    assert "\n".join(_flaws(browser, site, here)) == ""


def _part(here: Places, part: int, parts: int) -> Places:
    return {name: here[name] for name in sorted(here)[part::parts]}


def _flaws(browser: Any, site: str, here: Places) -> list[str]:
    """Open each page on a phone, look at it, and look again as it is on a desk."""
    flaws = []
    windows: dict[str, Window] = {}
    for name, (who, address) in here.items():
        if who not in windows:
            windows[who] = Window(browser, site, size=PHONE)
            if who:
                windows[who].become(who)
        window = windows[who]
        window.page.set_viewport_size(PHONE)
        window.open(address)
        flaws += flaws_of(window, name)
        flaws += [f"{name}: {said}" for said in window.complaints + window.strangers]
        window.complaints.clear()
        window.strangers.clear()
    for window in windows.values():
        window.context.close()
    return flaws
