"""The notices' pages: the list, the marks, how one wants to be told, no more mail; and the language that is chosen."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from cohong.kernel.errors import NotFound
from cohong.portal.design.acting import NotSignedIn, actor_of, visitor
from cohong.portal.design.frame import page, show
from cohong.portal.notices import mailing, store
from cohong.portal.notices.store import WishView
from cohong.portal.notices.words import Topic

_PAGE = 30
_LANGUAGES = ("zh-hans", "zh-hant", "en")


@require_safe
@page
def notices(request: HttpRequest) -> HttpResponse:
    """List what the visitor is told for the party they act for."""
    actor = actor_of(request)
    topic = next((one for one in Topic if one.value == request.GET.get("topic")), None)
    only_unread = request.GET.get("only") == "unread"
    found = store.notices(
        actor=actor, topic=topic, only_unread=only_unread, before=_before(request), limit=_PAGE + 1
    )
    following = ""
    if len(found) > _PAGE:
        last = found[_PAGE - 1]
        following = urlencode({"at": last.at.isoformat(), "id": str(last.id)})
    context = {
        "notices": found[:_PAGE],
        "topics": list(Topic),
        "topic": topic,
        "only_unread": only_unread,
        "following": following,
    }
    return show(request, "notices/list.html", context)


def _before(request: HttpRequest) -> tuple[datetime, UUID] | None:
    try:
        at = datetime.fromisoformat(request.GET["at"])
        return (at, UUID(request.GET["id"])) if at.tzinfo is not None else None
    except (KeyError, ValueError):
        return None


@require_POST
@page
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    return redirect(store.mark_seen(actor=actor_of(request), notice_id=notice_id))


@require_POST
@page
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    store.mark_all_seen(actor=actor_of(request))
    messages.success(request, _("All notices are marked as read."))
    return redirect("portal:notices")


@page
def wishes(request: HttpRequest) -> HttpResponse:
    """Show and change how the visitor wants to be told of each topic."""
    user_id = visitor(request).user_id
    if user_id is None:
        raise NotSignedIn
    if request.method == "POST":
        ticked = set(request.POST.getlist("tell"))
        wanted = [
            WishView(topic, f"{topic.value}:portal" in ticked, f"{topic.value}:mail" in ticked)
            for topic in Topic
        ]
        store.wish(user_id=user_id, wanted=wanted)
        messages.success(request, _("Saved. That is how you will be told from now on."))
        return redirect("portal:notices_wishes")
    return show(request, "notices/wishes.html", {"wishes": store.wishes(user_id=user_id)})


@csrf_exempt
@page
def no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop all mail to whom the signed link was sent: asked first on a page, or at once by a mail program (RFC 8058)."""
    user_id = mailing.user_of(token)
    if user_id is None:
        raise NotFound
    is_done = request.method == "POST"
    if is_done:
        store.no_mail(user_id=user_id)
    return show(request, "notices/no_mail.html", {"is_done": is_done, "token": token})


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it for mail to who is signed in."""
    answer: HttpResponse = set_language(request)
    language, user = request.POST.get("language", ""), request.user
    if user.is_authenticated and language in _LANGUAGES:
        store.read_in(user_id=user.pk, language=language)
    return answer
