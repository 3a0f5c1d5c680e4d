"""Markup in every text field that somebody can write: it is refused, or shown as the text that it is, escaped once.

The forms are those that the pages have, found and filled in by reading them; so a new form is tried without being named here.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import authority_town
import busy_town
import pytest
from django.test import Client
from portal_town import PASSWORD, Town
from test_pages import BOUNDS

HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}<i>&amp;</i>")
#: What leaves the room, or is nobody's text.
_LEFT_ALONE = re.compile(
    r"^/(sign-out|sign-in|language|account/(close|sessions|security)|acting-for|search)/"
)
#: Inputs of these kinds take no free text; what stands in them is kept, or filled in from here.
_BOUND = {
    "phone": "13812345678",
    "email": "moon@demo.invalid",
    "claimed": "1.00",
    "amount": "1.00",
    "refund": "0",
}
_KINDS = {"text", "search", ""}
#: Unescaped, evaluated, or escaped twice.
_WRONG = re.compile(
    r"<script>alert|<img src=x|onerror=alert\(1\)>(?!\s*&)|<i>&amp;</i>|(?<![\w-])49&lt;i|&amp;(?:lt|gt|quot|#x27);|&amp;amp;amp;"
)


@dataclass
class Form:
    """A form that posts: where to, what stands in it, and the names in which text is written."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Reads a page's forms."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[Form]()
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = of.get("method") == "post"
            self._form = Form(of.get("action") or self.address) if posts else None
            if self._form is not None:
                self.found.append(self._form)
        elif self._form is not None:
            self._take(self._form, tag, of)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _take(self, form: Form, tag: str, of: dict[str, str]) -> None:
        name, value, kind = of.get("name", ""), of.get("value", ""), of.get("type", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and (value and "selected" in of):
            form.values[self._select] = value
        elif tag == "option" and self._select and value:
            form.values.setdefault(self._select, value)
        elif tag == "button" and name:
            form.buttons.append((name, value))
        elif not name or kind in ("file", "submit"):
            return
        elif tag == "textarea" or (tag == "input" and kind in _KINDS and "inputmode" not in of):
            form.values[name] = value
            form.texts.append(name)
        elif kind in ("radio", "checkbox"):
            if "checked" in of or (kind == "radio" and name not in form.values):
                form.values[name] = value or "on"
        elif tag == "input":
            form.values[name] = value or _BOUND.get(name, "")


def _fill(form: Form, *, every: bool) -> dict[str, str]:
    """Write markup into all text, or into all but what has to have a form of its own, such as codes."""
    values = dict(form.values)
    for at, name in enumerate(form.texts):
        if every or not re.search(
            "code|number|account|phone|email|username|postcode|unit|currency|region", name
        ):
            values[name] = HOSTILE[at % len(HOSTILE)]
    return values


def _check(answer: Any, where: str, flaws: list[str], seen: set[str]) -> None:
    if answer.status_code >= 500:
        flaws.append(f"{where}: {answer.status_code}")
    if "html" not in answer.headers.get("Content-Type", ""):
        return
    html = answer.content.decode()
    flaws += [
        f"{where}: {html[max(0, one.start() - 60) : one.end() + 40]!r}" for one in _WRONG.finditer(html)
    ][:3]
    if "&lt;script&gt;alert(1)" in html or "&lt;img src=x" in html or "&lt;i&gt;&amp;amp;" in html:
        seen.add(where.rsplit(" ", maxsplit=1)[-1])


def _window(who: str) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = "en"
    if who:
        assert client.login(username=who, password=PASSWORD)
    return client


@pytest.mark.parametrize("writer", ["moon", "sun", "lantern"])
def test_what_somebody_writes_is_never_markup(town: Town, writer: str):
    here = {name: (BOUNDS[name][0], address) for name, address in busy_town.addresses(town).items()}
    offices = authority_town.offices(town)
    here |= {
        name: (authority_town.BOUNDS[name][0], address)
        for name, address in authority_town.addresses(offices).items()
    }
    clients = {who: _window(who) for who in {who for who, _ in here.values()}}
    flaws, seen, posted = list[str](), set[str](), set[str]()
    for who, address in here.values():
        if who != writer:
            continue
        reader = Forms(urlsplit(address).path)
        answer = clients[who].get(address)
        if "html" not in answer.headers["Content-Type"]:
            continue
        reader.feed(answer.content.decode())
        for form in reader.found:
            if not form.texts or _LEFT_ALONE.match(form.action) or form.action in posted:
                continue
            posted.add(form.action)
            for every in (True, False):
                for button in form.buttons[:3] or [("", "")]:
                    values = {**_fill(form, every=every), **({button[0]: button[1]} if button[0] else {})}
                    told = clients[who].post(form.action, values)
                    _check(told, f"POST {form.action}", flaws, seen)
    for name, (who, address) in here.items():
        _check(clients[who].get(address), f"GET {name}", flaws, seen)
    assert "\n".join(flaws) == ""
    assert SEEN[writer] <= seen


#: Where what each wrote is read afterwards, at the least.
SEEN: dict[str, set[str]] = {
    "moon": {
        *(
            "approval",
            "edit_address",
            "inbox",
            "listing",
            "listing_reviews",
            "messages",
            "order",
            "review",
            "sale",
        ),
        *("sales_inbox", "seller", "seller_reviews"),
    },
    "sun": {"authority_listing", "inbox", "locations", "messages", "movements", "order", "sale", "stock"},
    "lantern": {"authority_order", "authority_party", "authority_reasons", "authority_record"},
}
