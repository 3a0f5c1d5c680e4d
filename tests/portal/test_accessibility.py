"""Every page in a real browser, on a phone and on a desk: axe finds nothing, nothing hangs over, nothing complains."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from busy_town import addresses
from portal_town import Town
from portal_window import DESK, PHONE, Window
from test_pages import BOUNDS

#: So that the pages are shared out among the tests' processes.
_PARTS = 4
#: What a browser downloads instead of showing it.
_FILES = {"canonical", "evidence", "message_picture", "spending_table"}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("part", range(_PARTS))
def test_every_page_can_be_used_by_everyone(
    town: Town, site: str, browser: Any, size: dict[str, int], part: int
):
    axe, flaws = Axe(), []
    here = {name: address for name, address in addresses(town).items() if name not in _FILES}
    windows: dict[str, Window] = {}
    for name in sorted(here)[part::_PARTS]:
        who, _ = BOUNDS[name]
        if who not in windows:
            windows[who] = Window(browser, site, size=size)
            if who:
                windows[who].become(who)
        window = windows[who]
        window.page.goto(f"{site}{here[name]}")
        found = axe.run(window.page)
        flaws += [
            f"{name}: {one['id']} {node['target']} {node['failureSummary']}"
            for one in found.response["violations"]
            for node in one["nodes"]
        ]
        if window.width > size["width"]:
            flaws.append(f"{name}: {window.width} pixels wide")
        flaws += [f"{name}: {said}" for said in window.complaints + window.strangers]
        window.complaints.clear()
        window.strangers.clear()
    for window in windows.values():
        window.context.close()
    assert "\n".join(flaws) == ""
