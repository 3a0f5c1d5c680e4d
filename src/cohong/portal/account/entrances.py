"""What django-allauth answers, under the names that it knows them by and in the portal's frame; mounted at the root.

Only what this house offers has an address: there is no phone, no other site to sign in by.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from cohong.portal.account import profile, signing_in
from cohong.portal.design.frame import framed

urlpatterns = [
    # signing in and out
    path("sign-in/", framed(signing_in.SignIn.as_view()), name="account_login"),
    path("sign-out/", framed(account.logout), name="account_logout"),
    path("sign-up/", framed(account.signup), name="account_signup"),
    path("sign-in/code/", framed(account.request_login_code), name="account_request_login_code"),
    path("sign-in/code/enter/", framed(account.confirm_login_code), name="account_confirm_login_code"),
    path("sign-in/second-factor/", framed(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", framed(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/inactive/", framed(account.account_inactive), name="account_inactive"),
    # a password forgotten
    path("password/", framed(account.password_reset), name="account_reset_password"),
    path("password/sent/", framed(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        framed(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed/",
        framed(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    # addresses
    path("e-mail/sent/", framed(account.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^e-mail/(?P<key>[-:\w]+)/$", framed(account.confirm_email), name="account_confirm_email"),
    path("account/e-mail/", framed(account.email), name="account_email"),
    # passwords and second factors of who is signed in
    path("account/password/", framed(account.password_change), name="account_change_password"),
    path("account/password/set/", framed(account.password_set), name="account_set_password"),
    path("account/it-is-me/", framed(account.reauthenticate), name="account_reauthenticate"),
    path("account/it-is-me/code/", framed(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/it-is-me/passkey/",
        framed(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/security/", framed(factors.index), name="mfa_index"),
    path("account/security/app/", framed(totp.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/remove/", framed(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/security/codes/", framed(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        framed(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/codes/file/",
        framed(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/security/passkeys/", framed(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", framed(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<int:pk>/remove/",
        framed(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("account/security/passkeys/<int:pk>/", framed(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/sessions/", profile.sessions, name="usersessions_list"),
]
