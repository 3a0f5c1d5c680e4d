"""What browsers are told about every answer: the policy of content, the features, who may keep it."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cohong.kernel.ids import new_id
from cohong.kernel.outside import Credentials, SigningKey
from cohong.parties import api as parties

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy_of(response: Any) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return dict(parts)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/search/",
        "/nowhere/",
        "/orders/",
        "/health",
        "/api/v1/docs",
        "/api/v1/nothing",
        "/static/portal/seal.svg",
    ],
)
def test_every_answer_says_what_its_page_may_do(address: str):
    with closing(Client(raise_request_exception=False).get(address)) as answer:
        assert policy_of(answer) == POLICY
        assert "Content-Security-Policy-Report-Only" not in answer
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer


def test_a_failure_says_it_too(monkeypatch: pytest.MonkeyPatch):
    def broken(**_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(parties, "industries", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert policy_of(answer) == POLICY


def test_forms_may_lead_to_the_banks_pay_page_only(settings: Any, tmp_path: Path):
    key = SigningKey.generate("us")
    url = "https://bank.example:8443/open"
    Credentials(url=url, key=key, answers_by=key.verifying).save(tmp_path / "bank.json")
    assert policy_of(Client().get("/health"))["form-action"] == "'self'"
    settings.COHONG_BANK_CREDENTIALS = str(tmp_path / "bank.json")
    assert policy_of(Client().get("/health"))["form-action"] == "'self' https://bank.example:8443"
    settings.COHONG_BANK_PAGES = ["https://pay.bank.example"]
    assert policy_of(Client().get("/health"))["form-action"] == "'self' https://pay.bank.example"


def test_what_users_uploaded_may_do_nothing_when_it_is_opened():
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "x.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with closing(Client().get("/media/x.svg")) as answer:
        assert (
            policy_of({"Content-Security-Policy": answer["Content-Security-Policy"] + " -"})["sandbox"] == "-"
        )
        assert answer["Cache-Control"].endswith("immutable")


def test_nobodys_browser_keeps_what_is_personal():
    user_id = parties.sign_up(username="keeper", password="pearl-river-1757")
    parties.register_person(user_id=user_id, name="陈小明", phone="13812345678")
    client = Client()
    assert client.get("/")["Cache-Control"] == "no-cache, private"
    client.login(username="keeper", password="pearl-river-1757")
    assert client.get("/")["Cache-Control"] == "no-cache, private"
    for address in ("/cart/", "/orders/", f"/orders/{new_id()}/"):
        assert client.get(address)["Cache-Control"] == "no-store, private", address
    assert client.get("/api/v1/parties/me")["Cache-Control"] == "no-store, private"


def test_what_is_too_large_is_turned_away_before_it_is_read():
    def sent(address: str) -> Any:
        return Client(headers={"Accept-Language": "en"}).generic(
            "POST", address, b"", CONTENT_LENGTH=str(10**9)
        )

    page = sent("/cart/add/")
    assert page.status_code == 413
    assert "too large" in page.content.decode()
    told = sent("/api/v1/parties/sign-up")
    assert (told.status_code, told["Content-Type"]) == (413, "application/problem+json")


def settings_with(**environment: str) -> dict[str, Any]:
    """Read the settings that another installation would have."""
    names = [
        *("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE"),
        *("SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS", "SECURE_SSL_REDIRECT"),
        *("SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "LANGUAGE_COOKIE_SECURE"),
    ]
    code = (
        "import json, django; from django.conf import settings; django.setup();"
        f"print(json.dumps({{name: getattr(settings, name) for name in {names}}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return dict(json.loads(done.stdout))


def test_cookies_are_for_tls_only_where_the_site_is():
    plain = settings_with(COHONG_PUBLIC_URL="http://127.0.0.1:8000")
    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("sessionid", False)
    assert (plain["SECURE_HSTS_SECONDS"], plain["SECURE_PROXY_SSL_HEADER"]) == (0, None)
    assert (plain["SESSION_COOKIE_HTTPONLY"], plain["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")
    safe = settings_with(COHONG_PUBLIC_URL="https://cohong.example/", COHONG_PROXIES="1")
    assert safe["SESSION_COOKIE_NAME"] == "__Host-session"
    assert safe["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert [name for name in safe if name.endswith("COOKIE_SECURE") and not safe[name]] == []
    assert safe["SECURE_HSTS_SECONDS"] == 31_536_000
    assert safe["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert safe["CSRF_TRUSTED_ORIGINS"] == ["https://cohong.example"]
    assert safe["SECURE_SSL_REDIRECT"]
    direct = settings_with(COHONG_PUBLIC_URL="https://cohong.example")
    assert direct["SECURE_PROXY_SSL_HEADER"] is None, "nobody who comes directly is believed"
