"""The account desk's addresses that are the portal's own; what django-allauth answers is in `entrances`."""

from allauth.account import views as allauth
from django.urls import path

from cohong.portal.account import profile, registering, signing_in
from cohong.portal.design.frame import framed

urlpatterns = [
    path("sign-in/", framed(signing_in.SignIn.as_view()), name="sign_in"),
    path("sign-in/demo/", signing_in.demo_sign_in, name="demo_sign_in"),
    path("sign-out/", framed(allauth.logout), name="sign_out"),
    path("acting-for/", signing_in.choose_party, name="choose_party"),
    path("account/", profile.account, name="account"),
    path("account/welcome/", registering.welcome, name="welcome"),
    path("account/person/", registering.register_person, name="register_person"),
    path("account/company/", registering.register_company, name="register_company"),
    path("account/parties/", registering.my_parties, name="my_parties"),
    path("account/parties/<uuid:party_id>/confirm/", registering.confirm_party, name="confirm_party"),
    path(
        "account/parties/<uuid:party_id>/second-factor/",
        registering.want_second_factor,
        name="want_second_factor",
    ),
    path("account/sessions/others/", profile.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:session_id>/end/", profile.end_session, name="end_session"),
    path("account/close/", profile.close_account, name="close_account"),
]
