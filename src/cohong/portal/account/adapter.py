"""How django-allauth works in this house: users come from `parties`, secrets are encrypted, mails are in the house's words."""

import logging
from smtplib import SMTPException
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cohong.kernel import privacy
from cohong.parties import api as parties
from cohong.portal.account import preferences

_SILENT = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")
_log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This user name, e-mail address or password is not right."),
        "email_password_mismatch": _("This user name, e-mail address or password is not right."),
        "too_many_login_attempts": _(
            "Too many failed attempts. For your safety, nobody can sign in under this name for 15 minutes."
        ),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("This password is not right."),
        "username_taken": _("This user name is taken."),
        "rate_limited": _("That was too often. Please wait a while and try again."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: ARG002
        """Make the user through the door that all users come through."""
        given = form.cleaned_data
        user_id = parties.sign_up(
            username=given["username"], password=given["password1"], email=given.get("email") or ""
        )
        return get_user_model().objects.get(pk=user_id)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session; the user acts for whom they acted last time."""
        super().login(request, user)
        preferences.restore(request)

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponseBase:
        """Go where the user wanted to; who acts for several and has not chosen yet, chooses first."""
        response: HttpResponseBase = super().post_login(request, user, **more)
        if (
            isinstance(response, HttpResponseRedirect)
            and not more["signup"]
            and preferences.must_choose(request)
        ):
            return HttpResponseRedirect(
                f"{reverse('portal:choose_party')}?{urlencode({'back': response.url})}"
            )
        return response

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """Go on to who the new user is."""
        return reverse("portal:welcome")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """Go back to where the password was."""
        return reverse("mfa_index")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ARG002 - allauth's signature
        """Go on to one's own account, which asks to sign in if need be."""
        return reverse("account_email")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **more: Any) -> None:
        """Say what matters; that one is signed in is seen from the page."""
        template = args[0] if args else more.get("message_template")
        if template not in _SILENT:
            super().add_message(request, level, *args, **more)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; that it could not be sent is told, and breaks nothing else."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            _log.exception("a mail of the kind %s could not be sent", template_prefix)
            messages.error(self.request, _("The mail could not be sent. Please try again later."))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right."),
    }

    def encrypt(self, text: str) -> str:
        """Keep secrets as personal data is kept."""
        return privacy.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a kept secret."""
        return privacy.decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Draw a QR code without any inline style, which the policy of content would not let through."""
        return str(segno.make(url, error="m").svg_inline(scale=5, border=2, svgclass="qr", lineclass=None))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the house to the browser."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Cohong 公行"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002, ARG002 - allauth's signature
        """Suggest a name for a key."""
        return str(_("My key"))
