"""Registering on the way: whoever orders as a guest becomes a user, by the same rules as at the door."""

from uuid import UUID

from allauth.account.utils import complete_signup, setup_user_email
from allauth.core import ratelimit
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from cohong.kernel.http import TooOften
from cohong.parties import api as parties
from cohong.portal.design.acting import visitor


def register_guest(
    request: HttpRequest,
    *,
    username: str,
    password: str,
    email: str,
    name: str,
    phone: str,
    region_code: str,
) -> UUID:
    """Make a stranger a user who is signed in, and a person to trade as; a user without a person gets one. Return the party.

    Counts as a registration at the door does, and asks to confirm the e-mail address, if one is given. Raises
    TooOften, and what `sign_up` and `register_person` refuse; then nobody is registered.
    """
    user_id = visitor(request).user_id
    is_new = user_id is None
    if is_new and not ratelimit.consume(request, action="signup"):
        raise TooOften
    with transaction.atomic():
        if user_id is None:
            user_id = parties.sign_up(username=username, password=password, email=email)
            user = get_user_model().objects.get(pk=user_id)
            setup_user_email(request, user, [])
        party_id = parties.register_person(user_id=user_id, name=name, phone=phone, region_code=region_code)
    if is_new:
        complete_signup(request, user, None, reverse("portal:welcome"))
    return party_id
