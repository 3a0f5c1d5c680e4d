"""Mail to a user: what waits for them, as one letter in their language, plain and as simple HTML."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohong.kernel import clock, sets
from cohong.portal.notices.store import led_to, said

_SALT = "portal.notices.no-mail"
_MOST = 50


def send_waiting(*, user_id: UUID) -> int:
    """Send one mail with what waits for the user; return how many notices it tells of.

    They are claimed first, in a transaction of their own: whatever happens while sending, none goes out twice. A server
    that says that it did not take the mail gives the claim back, and raises, for another try.
    """
    claimed = _claim(user_id)
    user: Any = get_user_model().objects.filter(id=user_id, is_active=True).first()
    if not claimed or user is None or not user.email:
        return 0
    rows = sets.fetch(
        "select text, params, target, about, at from portal_notice where id = any(%s) order by at, id",
        (claimed,),
    )
    if not rows:
        return 0
    try:
        _letter(user, rows[:_MOST], more=max(0, len(rows) - _MOST)).send()
    except OSError:  # smtplib's refusals are OSErrors as well
        sets.run(
            "update portal_notice_mail set claimed_at = null where user_id = %s and notice_id = any(%s)",
            (user_id, claimed),
        )
        raise
    sets.run(
        "update portal_notice_mail set sent_at = %s where user_id = %s and notice_id = any(%s)",
        (clock.now(), user_id, claimed),
    )
    return len(rows)


@sets.act
def _claim(user_id: UUID) -> list[UUID]:
    return [
        notice_id
        for (notice_id,) in sets.fetch(
            "update portal_notice_mail set claimed_at = %s where user_id = %s and claimed_at is null returning notice_id",
            (clock.now(), user_id),
        )
    ]


def _letter(user: Any, rows: list[tuple[Any, ...]], *, more: int) -> EmailMultiAlternatives:
    """Write the letter in the language that the user chose last."""
    chosen = sets.fetch("select language from portal_notice_reader where user_id = %s", (user.id,))
    stop = f"{settings.COHONG_PUBLIC_URL}{reverse('portal:notices_no_mail', args=[token_for(user.id)])}"
    with translation.override(chosen[0][0] if chosen else settings.LANGUAGE_CODE):
        lines = [
            {"text": said(text, params), "to": settings.COHONG_PUBLIC_URL + led_to(target, about), "at": at}
            for text, params, target, about, at in rows
        ]
        count = len(lines) + more
        subject = (
            lines[0]["text"]
            if count == 1
            else ngettext("{n} notice from Cohong", "{n} notices from Cohong", count).format(n=count)
        )
        context = {
            "lines": lines,
            "more": more,
            "stop": stop,
            "home": settings.COHONG_PUBLIC_URL + reverse("portal:notices"),
            "greeting": _("Good day, {name}").format(name=user.username),
        }
        letter = EmailMultiAlternatives(
            subject=str(subject).replace("\n", " ")[:180],
            body=render_to_string("notices/mail.txt", context),
            to=[user.email],
            headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )
        letter.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
        return letter


def token_for(user_id: UUID) -> str:
    """Sign a user's id, for the link that stops their mail. It does not run out: an old letter must still be stoppable."""
    return signing.dumps(str(user_id), salt=_SALT)


def user_of(token: str) -> UUID | None:
    """Read such a token; None if nobody here made it."""
    try:
        return UUID(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError):
        return None
