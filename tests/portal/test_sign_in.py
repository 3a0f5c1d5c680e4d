"""The door: registering, signing in by every way there is, second factors, sessions, and what keeps others out."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from portal_town import PASSWORD, Town
from portal_window import DESK, PHONE, Window, flaws_of
from test_pages import LANGUAGES, assert_clean, assert_no_english

from cohong.kernel import privacy
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Role

Browse = Callable[..., Client]
NEW = "canton-pearl-1757"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/acting-for/").status_code == 200)


def linked(part: str) -> str:
    """Take the address out of the last mail."""
    return str(re.search(rf"https?://[^/\s]+(/{part}/\S+)", mail.outbox[-1].body)[1])


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def with_app(client: Client) -> str:
    """Set an authenticator app up; returns its secret."""
    sure(client)
    page = text(client.get("/account/security/app/"))
    secret = re.search(r'secret">([A-Z2-7]+)<', page)[1]
    answer = client.post("/account/security/app/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/security/codes/"
    return str(secret)


def sure(client: Client) -> None:
    """Say again who it is, by password."""
    assert client.post("/account/it-is-me/", {"password": PASSWORD}).status_code == 302


# --- passwords ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["moon", "MOON", "moon@demo.invalid", " moon "])
def test_one_signs_in_by_name_or_by_address(town: Town, browse: Browse, login: str):
    client = browse()
    assert sign_in(client, login)["Location"] == "/"
    assert is_in(client)


def test_nobody_learns_who_exists(town: Town, browse: Browse):
    said = set()
    for login, password in (("moon", "wrong-one"), ("nobody", "wrong-one"), ("nobody@x.example", PASSWORD)):
        answer = sign_in(browse(), login, password)
        assert answer.status_code == 200
        said |= set(re.findall(r'role="alert">([^<]+)<', text(answer)))
    assert said == {"This user name, e-mail address or password is not right."}
    for address in ("moon@demo.invalid", "nobody@x.example"):
        client = browse()
        page = text(client.post("/sign-in/code/", {"email": address}, follow=True)).replace(address, "…")
        said.add(page[page.index("<h1>") : page.index("<form", page.index("<h1>"))])
        asked = client.post("/password/", {"email": address})
        assert asked["Location"] == "/password/sent/"
    assert len(said) == 2
    assert {one.to[0] for one in mail.outbox} == {"moon@demo.invalid"}


def test_a_name_is_locked_after_five_failures_whether_it_is_known_or_not(town: Town, browse: Browse):
    for login in ("moon", "nobody"):
        client = browse()
        for _ in range(5):
            assert "is not right" in text(sign_in(client, login, "wrong-one"))
        assert "for 15 minutes" in text(sign_in(client, login, "wrong-one"))
        assert "for 15 minutes" in text(sign_in(browse(), login, PASSWORD)), "not even by the right one"
    assert not is_in(client)
    # Others are not locked out with it.
    assert sign_in(browse(), "sun")["Location"] == "/"


def test_many_failures_from_one_place_are_stopped_whatever_the_name(town: Town, browse: Browse):
    for number in range(20):
        sign_in(browse(), f"guess{number}", "wrong-one")
    assert "for 15 minutes" in text(sign_in(browse(), "guess20", "wrong-one"))


def test_too_many_requests_get_a_page_that_says_so(town: Town, browse: Browse):
    answers = [browse().post("/sign-up/", {}) for _ in range(21)]
    assert [answer.status_code for answer in answers[:20]] == [200] * 20
    assert answers[-1].status_code == 429
    assert "That was too often" in text(answers[-1])
    body = {"username": "late", "password": NEW, "email": ""}
    told = browse().post(
        "/api/v1/parties/sign-up", body, "application/json", headers={"Idempotency-Key": str(new_id())}
    )
    assert (told.status_code, told.json()["code"]) == (429, "TooOften"), "page and interface count together"


def test_a_session_is_new_after_signing_in(town: Town, browse: Browse):
    client = browse()
    client.get("/sign-in/")
    client.session["planted"] = "x"
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(client, "moon")
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != session.session_key
    stolen = browse()
    stolen.cookies[django_settings.SESSION_COOKIE_NAME] = session.session_key
    assert not is_in(stolen)


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_led_away_from_the_site(town: Town, browse: Browse, evil: str):
    assert sign_in(browse(), "moon", next=evil)["Location"] == "/"
    client = browse("moon")
    assert client.post("/sign-out/", {"next": evil})["Location"] == "/"
    client = browse("moon")
    assert client.post("/acting-for/", {"party": str(town.buyer.party_id), "back": evil})["Location"] == "/"
    assert client.post("/language/", {"language": "en", "next": evil})["Location"] == "/"


def test_forms_that_come_from_elsewhere_are_refused(town: Town):
    client = Client(enforce_csrf_checks=True)
    assert client.login(username="moon", password=PASSWORD)
    for address in (
        "/sign-in/",
        "/sign-out/",
        "/acting-for/",
        "/account/",
        "/cart/add/",
        "/account/sessions/others/",
    ):
        assert client.post(address, {}).status_code == 403, address
        assert client.post(address, {}, headers={"HX-Request": "true"}).status_code == 403, address
    # htmx sends the token of the page's form, or in a header.
    client.get("/cart/")
    token = client.cookies[django_settings.CSRF_COOKIE_NAME].value
    answer = client.post("/cart/add/", {"back": "/"}, headers={"HX-Request": "true", "X-CSRFToken": token})
    assert answer.status_code != 403


def test_signing_out_takes_a_form(town: Town, browse: Browse):
    client = browse("moon")
    assert "Do you want to sign out?" in text(client.get("/sign-out/"))
    assert is_in(client)
    assert client.post("/sign-out/")["Location"] == "/"
    assert not is_in(client)


# --- codes and links by mail -----------------------------------------------------------------------------------


def test_a_code_by_mail_lets_in_once(town: Town, browse: Browse):
    client = browse()
    assert client.post("/sign-in/code/", {"email": "moon@demo.invalid"})["Location"] == "/sign-in/code/enter/"
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    assert "is not right" in text(client.post("/sign-in/code/enter/", {"code": "000000"}))
    assert client.post("/sign-in/code/enter/", {"code": code})["Location"] == "/"
    assert is_in(client)
    other = browse()
    other.post("/sign-in/code/", {"email": "moon@demo.invalid"})
    assert other.post("/sign-in/code/enter/", {"code": code}).status_code == 200
    assert not is_in(other)


def test_a_code_is_void_after_three_wrong_ones(town: Town, browse: Browse):
    client = browse()
    client.post("/sign-in/code/", {"email": "moon@demo.invalid"})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    for _ in range(3):
        client.post("/sign-in/code/enter/", {"code": "000000"})
    assert client.post("/sign-in/code/enter/", {"code": code})["Location"].startswith("/sign-in/")
    assert not is_in(client)


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(town: Town, browse: Browse):
    before = browse("moon")
    client = browse()
    client.post("/password/", {"email": "moon@demo.invalid"})
    address = linked("password")
    form = client.get(address, follow=True)
    here = form.redirect_chain[-1][0]
    weak = client.post(here, {"password1": "12345678", "password2": "12345678"})
    assert weak.status_code == 200
    assert client.post(here, {"password1": NEW, "password2": NEW})["Location"] == "/password/changed/"
    assert "is not right" in text(sign_in(browse(), "moon"))
    assert sign_in(browse(), "moon", NEW)["Location"] == "/"
    assert not is_in(before), "who was signed in by the old one is so no more"
    assert "used already" in text(browse().get(address, follow=True))


def test_an_address_is_confirmed_by_its_link(town: Town, browse: Browse):
    client = browse("moon")
    sure(client)
    client.post("/account/e-mail/", {"action_add": "", "email": "moon@example.com"})
    address = linked("e-mail")
    assert "Is moon@example.com the address of the user moon?" in text(client.get(address))
    client.post(address)
    page = text(client.get("/account/e-mail/"))
    assert page.count(">confirmed<") == 1
    client.post("/account/e-mail/", {"action_primary": "", "email": "moon@example.com"})
    assert get_user_model().objects.get(username="moon").email == "moon@example.com"
    assert "used already" in text(browse().get("/e-mail/none/"))


def test_a_mail_that_cannot_be_sent_is_told(town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.EmailMessage, "send", broken)
    answer = browse().post("/password/", {"email": "moon@demo.invalid"}, follow=True)
    assert answer.status_code == 200
    assert "The mail could not be sent" in text(answer)


# --- registering -----------------------------------------------------------------------------------------------


def register(client: Client, **more: str) -> Any:
    form = {"username": "newcomer", "email": "new@example.com", "password1": NEW, **more}
    return client.post("/sign-up/", form)


def test_one_registers_and_says_who_one_is(town: Town, browse: Browse):
    client = browse()
    assert register(client)["Location"] == "/account/welcome/"
    assert mail.outbox[-1].to == ["new@example.com"]
    assert "You are registered as newcomer" in text(client.get("/account/welcome/"))
    bad = client.post(
        "/account/person/", {"name": "林海", "phone": "12", "resident_id": "440301199001010000"}
    )
    assert bad.status_code == 422
    assert 'value="林海"' in text(bad)
    done = client.post(
        "/account/person/", {"name": "林海", "phone": "138 1234 5678", "region_code": "440300"}
    )
    assert done["Location"] == "/account/parties/"
    assert client.post("/account/person/", {"name": "林海", "phone": "1"})["Location"] == "/account/"
    page = text(client.get("/account/"))
    assert "138****5678" in page or "5678" in page
    assert "13812345678" not in page
    [own] = parties.parties_of(user_id=get_user_model().objects.get(username="newcomer").pk)
    assert own.roles == {Role.OWNER}
    assert "林海" not in own.name


def test_a_company_is_registered_by_its_credit_code_and_waits_for_the_register(town: Town, browse: Browse):
    client = browse()
    register(client)
    form = {
        "country": "CN",
        "code": "914403001922038216",
        "name": "深圳海风贸易有限公司",
        "name_en": "",
        "legal_representative": "林海",
        "phone": "0755-12345678",
        "address": "南山区一号",
        "region_code": "440300",
        "industry_code": "clothing",
    }
    wrong = client.post("/account/company/", {**form, "code": "914403001922038217"})
    assert wrong.status_code == 422
    page = text(wrong)
    assert re.search(r'id="id_code_error".*?call-text">', page, re.DOTALL), "beside the field"
    assert 'value="深圳海风贸易有限公司"' in page
    done = client.post("/account/company/", form, follow=True)
    assert "The company is registered; you are its owner." in text(done)
    assert "the register is being asked" in text(done)
    again = browse("moon").post("/account/company/", form)
    assert again.status_code == 409


def test_a_company_from_abroad_is_registered_by_its_own_registers_number(town: Town, browse: Browse):
    client = browse("moon")
    form = {
        "country": "HK",
        "code": "72004466",
        "name": "Harbour Silk Limited",
        "legal_representative": "Chan",
        "phone": "+85221234567",
        "address": "1 Queen's Road",
    }
    assert client.post("/account/company/", form)["Location"] == "/account/parties/"
    page = text(client.get("/account/parties/"))
    assert "72004466" in page
    assert "Harbour Silk" in page


def test_registering_does_not_tell_whose_address_is_known(town: Town, browse: Browse):
    known = register(browse(), email="moon@demo.invalid")
    assert known["Location"] == "/account/welcome/"
    assert "taken" in text(register(browse(), username="Moon", email="x@example.com"))
    weak = register(browse(), username="other", password1="12345678")
    assert weak.status_code == 200
    assert not get_user_model().objects.filter(username="other").exists()


# --- second factors --------------------------------------------------------------------------------------------


def test_an_app_and_recovery_codes(town: Town, browse: Browse):
    client = browse("moon")
    assert client.get("/account/security/app/")["Location"].startswith("/account/it-is-me/")
    secret = with_app(client)
    [kept] = Authenticator.objects.filter(type="totp")
    assert secret not in str(kept.data)
    assert privacy.decrypt(kept.data["secret"]) == secret
    codes = re.findall(r'<li class="code">([\w-]+)<', text(client.get("/account/security/codes/")))
    assert len(codes) == 10
    file = client.get("/account/security/codes/file/")
    assert text(file).split() == codes

    other = browse()
    assert sign_in(other, "moon")["Location"].startswith("/sign-in/second-factor/")
    assert not is_in(other), "the password alone does not let in"
    assert "is not right" in text(other.post("/sign-in/second-factor/", {"code": "000000"}))
    code = code_of(secret)
    assert other.post("/sign-in/second-factor/", {"code": code})["Location"] == "/"
    assert is_in(other)
    third = browse()
    sign_in(third, "moon")
    assert "is not right" in text(third.post("/sign-in/second-factor/", {"code": code})), "it was used before"
    assert third.post("/sign-in/second-factor/", {"code": codes[0]})["Location"] == "/"
    assert is_in(third)
    third = browse()
    sign_in(third, "moon")
    assert "is not right" in text(third.post("/sign-in/second-factor/", {"code": codes[0]})), (
        "each works once"
    )


def test_a_code_by_mail_does_not_stand_in_for_the_second_factor(town: Town, browse: Browse):
    with_app(browse("moon"))
    client = browse()
    client.post("/sign-in/code/", {"email": "moon@demo.invalid"})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    answer = client.post("/sign-in/code/enter/", {"code": code})
    assert answer["Location"].startswith("/sign-in/second-factor/")
    assert not is_in(client)


def test_second_factors_are_guessed_five_times_at_most(town: Town, browse: Browse):
    with_app(browse("moon"))
    client = browse()
    sign_in(client, "moon")
    pages = [text(client.post("/sign-in/second-factor/", {"code": f"{number:06}"})) for number in range(6)]
    assert "is not right" in pages[0]
    assert "for 15 minutes" in pages[-1]


def test_the_app_is_turned_off_only_by_who_says_again_who_they_are(town: Town, browse: Browse):
    client = browse("moon")
    with_app(client)
    other = browse("moon")
    assert "it-is-me" in other.post("/account/security/app/remove/")["Location"]
    assert client.post("/account/security/app/remove/")["Location"] == "/account/security/"
    assert not Authenticator.objects.filter(type="totp").exists()
    assert any("moon@demo.invalid" in one.to for one in mail.outbox), "its owner is told by mail"


def test_a_party_can_want_second_factors(town: Town, browse: Browse):
    owner = browse("moon")
    here = f"/account/parties/{town.buyer.party_id}/second-factor/"
    assert owner.post(here, {"wanted": "1"})["Location"] == "/account/security/", "not before one has one"
    with_app(owner)
    assert owner.post(here, {"wanted": "1"})["Location"] == "/account/parties/"
    assert owner.get("/orders/").status_code == 200
    parties.grant_membership(
        actor=town.buyer, party_id=town.buyer.party_id, user_id=town.other.user_id, role=Role.SALES
    )
    member = browse("star")
    assert (
        member.post("/acting-for/", {"party": str(town.buyer.party_id)})["Location"] == "/account/security/"
    )
    session = member.session
    session["acting_for"] = str(town.buyer.party_id)
    session.save()
    assert member.get("/orders/")["Location"] == "/account/security/"
    assert "Please set one up first" in text(member.get("/account/security/"))
    told = member.get("/api/v1/parties/me", headers={"Acting-For": str(town.buyer.party_id)})
    assert (told.status_code, told.json()["code"]) == (403, "SecondFactorNeeded"), "nor by the interface"
    with_app(member)
    assert member.get("/orders/").status_code == 200
    assert browse("sun").post(here, {"wanted": "0"}).status_code == 404
    assert member.post(here, {"wanted": "0"}).status_code == 403, "another role does not decide it"
    assert owner.post(here, {"wanted": "0"}).status_code == 302
    assert not parties.parties_of(user_id=town.buyer.user_id)[0].wants_second_factor


# --- sessions, leaving -----------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended(town: Town, browse: Browse):
    agents = {
        "phone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
        "desk": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
    }
    phone, desk = browse(), browse()
    phone.defaults["HTTP_USER_AGENT"], desk.defaults["HTTP_USER_AGENT"] = agents["phone"], agents["desk"]
    sign_in(phone, "moon")
    sign_in(desk, "moon")
    page = text(desk.get("/account/sessions/"))
    assert "Safari · iPhone" in page
    assert "Chrome · Windows" in page
    assert page.count("this device") == 1
    ended = re.search(r'action="(/account/sessions/\d+/end/)"', page)[1]
    assert browse("sun").post(ended).status_code == 404, "only one's own"
    assert is_in(phone)
    desk.post(ended)
    assert not is_in(phone)
    assert is_in(desk)
    sign_in(phone, "moon")
    phone.post("/account/sessions/others/")
    assert is_in(phone)
    assert not is_in(desk)


def test_a_session_says_when_it_was_last_seen(town: Town, browse: Browse):
    client = browse()
    sign_in(client, "moon")
    client.get("/orders/")
    session = UserSession.objects.get()
    before = session.last_seen_at
    client.get("/orders/")
    session.refresh_from_db()
    assert session.last_seen_at == before, "not at every request"
    store = client.session
    store["seen_at_s"] -= 601
    store.save()
    client.get("/orders/", REMOTE_ADDR="192.0.2.7")
    session.refresh_from_db()
    assert (session.last_seen_at > before, session.ip) == (True, "192.0.2.7")


def test_another_password_ends_all_other_sessions(town: Town, browse: Browse):
    here, there = browse("moon"), browse("moon")
    sure(here)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/account/password/", form)["Location"] == "/account/security/"
    assert is_in(here)
    assert not is_in(there)


def test_an_account_is_closed_by_its_owner_only_if_no_company_is_left_alone(town: Town, browse: Browse):
    client = browse("moon")
    assert "it-is-me" in client.post("/account/close/")["Location"]
    sure(client)
    refused = client.post("/account/close/")
    assert refused.status_code == 409
    assert is_in(client)
    parties.grant_membership(
        actor=town.buyer, party_id=town.buyer.party_id, user_id=town.other.user_id, role=Role.OWNER
    )
    assert client.post("/account/close/")["Location"] == "/"
    assert not is_in(client)
    assert "closed" in text(browse().post("/sign-in/", {"login": "moon", "password": PASSWORD}, follow=True))
    assert [one.party_id for one in parties.parties_of(user_id=town.buyer.user_id)] == []
    assert [one.username for one in parties.members(actor=_as(town), party_id=town.buyer.party_id)] == [
        "star"
    ]


def _as(town: Town) -> parties.Actor:
    return parties.actor_for(user_id=town.other.user_id, party_id=town.buyer.party_id)


def test_whom_one_acts_for_is_chosen_and_remembered(town: Town, browse: Browse):
    parties.grant_membership(
        actor=town.seller, party_id=town.seller.party_id, user_id=town.buyer.user_id, role=Role.SALES
    )
    client = browse()
    assert sign_in(client, "moon", next="/orders/")["Location"] == "/acting-for/?back=%2Forders%2F"
    assert "Sun Garments" in text(client.get("/acting-for/?back=/orders/"))
    answer = client.post("/acting-for/", {"party": str(town.seller.party_id), "back": "/orders/"})
    assert answer["Location"] == "/orders/"
    again = browse()
    assert sign_in(again, "moon", next="/orders/")["Location"] == "/orders/"
    assert again.session["acting_for"] == str(town.seller.party_id)


def test_the_remember_box_decides_how_long(town: Town, browse: Browse):
    name = django_settings.SESSION_COOKIE_NAME
    short, long = browse(), browse()
    sign_in(short, "moon")
    sign_in(long, "moon", remember="on")
    assert short.cookies[name]["max-age"] == ""
    assert long.cookies[name]["max-age"] == django_settings.SESSION_COOKIE_AGE


# --- the pages -------------------------------------------------------------------------------------------------

STRANGERS = ("/sign-in/", "/sign-up/", "/sign-in/code/", "/password/", "/password/sent/", "/e-mail/none/")
STRANGERS += ("/sign-in/inactive/", "/password/changed/", "/e-mail/sent/")
SIGNED_IN = (
    *("/account/e-mail/", "/account/password/", "/account/security/", "/account/security/app/"),
    *("/account/security/passkeys/", "/account/security/passkeys/add/", "/account/sessions/", "/sign-out/"),
    *("/account/it-is-me/",),
)
PROTECTED = (
    *("/account/security/", "/account/security/codes/", "/account/security/codes/new/"),
    *("/account/security/app/remove/", "/account/it-is-me/code/"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_at_the_door_in_every_language(town: Town, browse: Browse, language: str):
    stranger, moon, safe = browse(language=language), browse("moon", language), browse("sun", language)
    sure(moon)
    with_app(safe)
    half = browse(language=language)
    sign_in(half, "sun")
    asked = browse(language=language)
    asked.post("/sign-in/code/", {"email": "star@demo.invalid"})
    for client, addresses in (
        (stranger, STRANGERS),
        (moon, SIGNED_IN),
        (safe, PROTECTED),
        (half, ("/sign-in/second-factor/",)),
        (asked, ("/sign-in/code/enter/",)),
    ):
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            html = text(answer)
            assert f'<html lang="{LANGUAGES[language]}">' in html
            assert len(re.findall("<h1", html)) == 1
            assert_clean(html)
            if language != "en":
                assert_no_english(
                    re.sub(r"star@demo.invalid|moon@demo.invalid|JavaScript", "", html), address
                )
    for client, address, form in (
        (stranger, "/sign-in/", {"login": "x", "password": "y"}),
        (stranger, "/sign-up/", {"username": "", "email": "x", "password1": "12345678"}),
        (stranger, "/password/", {"email": "x"}),
        (moon, "/account/password/", {"oldpassword": "x", "password1": "a", "password2": "b"}),
        (moon, "/account/security/app/", {"code": "1"}),
        (moon, "/account/person/", {"name": "", "phone": ""}),
        (moon, "/account/company/", {"country": ""}),
    ):
        html = text(client.post(address, form))
        assert "call-text" in html or "notice-error" in html, address
        if language != "en":
            assert_no_english(html, address)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_mails_are_in_the_readers_language(town: Town, browse: Browse, language: str):
    client = browse(language=language)
    client.post("/sign-in/code/", {"email": "moon@demo.invalid"})
    browse(language=language).post("/password/", {"email": "moon@demo.invalid"})
    register(browse(language=language))
    moon = browse("moon", language)
    with_app(moon)
    assert len(mail.outbox) >= 4
    for one in mail.outbox:
        for said in (
            one.subject,
            re.sub(r"https?://\S+|\S+@\S+|^[A-Z0-9-]{6,}$", "", one.body, flags=re.MULTILINE),
        ):
            left = re.findall(r"[A-Za-z]{4,}", said)
            assert [
                word for word in left if word not in {"Cohong", "moon", "newcomer", "testserver"}
            ] == [], said


def test_passkeys_in_a_real_browser(town: Town, site: str, browser: Any):
    window = Window(browser, site.replace("127.0.0.1", "localhost"), size=DESK)
    page = window.page
    cdp = window.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    window.sign_in("moon")
    page.goto(f"{window.site}/account/security/passkeys/add/")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()
    page.get_by_label("名称").fill("我的手机")
    page.get_by_role("button", name="生成通行密钥").click()
    page.wait_for_url(f"{window.site}/account/security/codes/")
    page.goto(f"{window.site}/account/security/passkeys/")
    window.sees("我的手机")
    window.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.goto(f"{window.site}/sign-in/")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url(f"{window.site}/")
    page.goto(f"{window.site}/account/")
    window.sees("moon")
    # As the second factor after a password, too.
    window.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.goto(f"{window.site}/sign-in/")
    page.get_by_label("用户名").fill("moon")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator(".door-form").get_by_role("button", name="登录").click()
    page.get_by_role("button", name="使用通行密钥或安全密钥").click()
    page.wait_for_url(f"{window.site}/")
    assert (window.complaints, window.strangers) == ([], [])
    window.context.close()


def test_the_door_can_be_used_by_everyone(town: Town, site: str, browser: Any, browse: Browse):
    client = browse("moon")
    with_app(client)
    stranger, moon = Window(browser, site), Window(browser, site)
    name = django_settings.SESSION_COOKIE_NAME
    moon.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    pages = dict.fromkeys(STRANGERS, stranger) | {
        address: moon for address in (*SIGNED_IN, *PROTECTED) if address != "/account/security/app/"
    }
    flaws = []
    for address, window in pages.items():
        window.page.set_viewport_size(PHONE)
        window.open(address)
        flaws += flaws_of(window, address)
    flaws += stranger.complaints + moon.complaints
    stranger.context.close()
    moon.context.close()
    assert "\n".join(flaws) == ""
