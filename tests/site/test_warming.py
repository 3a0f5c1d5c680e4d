"""A process that serves looks at its most visited pages before the first visitor comes."""

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler

from cohong.portal.datacentre import views_overview
from cohong.site import warming


@pytest.mark.django_db(transaction=True)
def test_the_first_visitor_finds_pages_that_were_looked_at(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_HOSTS = [".example.org", "shop.example.org"]
    settings.COHONG_PUBLIC_URL = "https://shop.example.org"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    languages = []
    drawn = views_overview._part

    def noted(of: Any, language: str, *rest: str) -> Any:
        languages.append(language)
        return drawn(of, language, *rest)

    monkeypatch.setattr(views_overview, "_part", noted)
    statuses = warming.warm(WSGIHandler())
    assert statuses == ["200 OK"] * 15
    assert sorted(languages) == ["en", "zh-hans", "zh-hant"]
