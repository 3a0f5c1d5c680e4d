"""A browser window in somebody's hand, on a phone or on a desk, in their language."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import translation
from portal_town import PASSWORD

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1360, "height": 900}


class Window:
    """It looks only at this site, and every complaint of the browser's is kept."""

    def __init__(
        self,
        browser: Any,
        site: str,
        *,
        size: dict[str, int] = PHONE,
        language: str = "zh-hans",
        scripts: bool = True,
        workers: bool = True,
    ) -> None:
        self.context = browser.new_context(
            viewport=size,
            locale="zh-CN",
            java_script_enabled=scripts,
            service_workers="allow" if workers else "block",
        )
        self._remember(settings.LANGUAGE_COOKIE_NAME, language, site)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.site, self.size, self.language, self.scripts = site, size, language, scripts
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "request", lambda asked: self._is_foreign(asked.url) and self.strangers.append(asked.url)
        )

    def _is_foreign(self, url: str) -> bool:
        return not url.startswith((self.site, "data:", "blob:"))

    def _remember(self, name: str, value: str, site: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": site}])

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def sign_in(self, username: str) -> None:
        """Sign in by the form, as people do."""
        self.open("/sign-in/")
        self.page.locator('.door-form input[name="login"]').fill(username)
        self.page.locator('.door-form input[name="password"]').fill(PASSWORD)
        self.page.locator(".door-form").get_by_role("button", name=self.word("Sign in"), exact=True).click()
        self.page.wait_for_url(f"{self.site}/")

    def become(self, username: str) -> None:
        """Be signed in already, where signing in is not what is tested."""
        client = Client()
        assert client.login(username=username, password=PASSWORD)
        name = settings.SESSION_COOKIE_NAME
        self._remember(name, client.cookies[name].value, self.site)

    def word(self, english: str, context: str = "") -> str:
        """Say what the pages say for this in the window's language."""
        with translation.override(self.language):
            return translation.pgettext(context, english) if context else translation.gettext(english)

    def press(self, english: str, context: str = "") -> None:
        self.page.get_by_role("button", name=self.word(english, context), exact=True).first.click()

    def follow(self, english: str, context: str = "") -> None:
        self.page.get_by_role("link", name=self.word(english, context), exact=True).first.click()

    def act(self, address: str) -> None:
        """Send the form that leads there."""
        self.page.locator(f'form[action="{address}"] button[type="submit"]').first.click()

    def sees(self, english: str, context: str = "") -> None:
        """Wait until the page says this in the window's language."""
        self.reads(self.word(english, context))

    def reads(self, text: str) -> None:
        """Wait until this stands on the page as it is."""
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    @property
    def width(self) -> int:
        """How wide the page is; one that is just being left has no measures, and is waited for."""
        from playwright.sync_api import Error  # noqa: PLC0415 - slow to import

        for _ in range(4):
            self.page.wait_for_load_state()
            try:
                return int(self.page.locator("html").evaluate("html => html.scrollWidth"))
            except Error:
                continue
        self.page.wait_for_load_state("networkidle")
        return int(self.page.locator("html").evaluate("html => html.scrollWidth"))

    def fits(self) -> None:
        """Nothing hangs over the edge, on a phone or on a desk."""
        for size in sorted((PHONE, DESK), key=lambda size: size == self.size):
            self.page.set_viewport_size(size)
            assert self.width <= size["width"], (self.page.url, size)


def flaws_of(window: Window, name: str) -> list[str]:
    """Look at the page that is open, on a phone and on a desk: what axe finds, and whether something hangs over the edge."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - slow to import

    flaws = []
    # The page has read axe when it is measured again.
    for size, axe in ((PHONE, Axe()), (DESK, Axe(axe_script=""))):
        window.page.set_viewport_size(size)
        flaws += [
            f"{name} at {size['width']}: {one['id']} {node['target']} {node['failureSummary']}"
            for one in axe.run(window.page).response["violations"]
            for node in one["nodes"]
        ]
        if window.width > size["width"]:
            flaws.append(f"{name}: {window.width} pixels wide at {size['width']}")
    return flaws
