"""The HTTP interface `/api/v1`: every module's router under one roof, documented at `/api/v1/docs`."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

import cohong
from cohong.catalog.http import router as catalog_router
from cohong.kernel.errors import NotAllowed, NotFound, Refusal, Unavailable
from cohong.kernel.http import MalformedRequest, StrictParser, install_problems, problem
from cohong.logistics.http import router as logistics_router
from cohong.orders.http import router as orders_router
from cohong.parties.http import router as parties_router
from cohong.payments.http import router as payments_router
from cohong.portal.journal import router as journal_router
from cohong.portal.webhooks.http import router as webhooks_router
from cohong.retail.http import router as retail_router
from cohong.statistics.http import router as statistics_router

PREFIX = "/api/v1/"

_ROUTERS = {
    "parties": parties_router,
    "catalog": catalog_router,
    "orders": orders_router,
    "payments": payments_router,
    "logistics": logistics_router,
    "retail": retail_router,
    "statistics": statistics_router,
    "webhooks": webhooks_router,
}

_DESCRIPTION = """
Trade on the platform from your own systems.

**Who you are**: send `Authorization: Bearer <token>`; a token acts for one party, within its scopes.
**Writing calls** take an `Idempotency-Key` header: the same key gets the first answer again, with another
request it is refused. **Errors** are `application/problem+json` (RFC 9457) with a stable `code`. **Lists**
are paged: pass `next` as `cursor` to go on. **Money** is an integer of minor units and a currency code; times
are UTC (RFC 3339). The text of an error comes in the language of `Accept-Language`: zh-Hans, zh-Hant or en.
"""


class ServerFailed(Unavailable):
    """The platform itself failed; what was asked did not happen."""


def _make() -> NinjaAPI:
    api = NinjaAPI(
        title="Cohong",
        version=cohong.__version__,
        description=_DESCRIPTION,
        urls_namespace="api",
        parser=StrictParser(),
        docs=Swagger(settings={"persistAuthorization": True}),
    )
    install_problems(api)
    for name, router in _ROUTERS.items():
        api.add_router(f"/{name}", router)
    api.add_router("/journal", journal_router)
    return api


api = _make()


@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer for an address that the interface does not have."""
    return problem(NotFound())


class ProblemsOnly:
    """Turns what Django itself answers under `/api/` (a body too large, a wrong method, a failure) into a problem.

    An interface whose errors have one shape can be programmed against; a page of HTML cannot.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self._get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith("/api/"):
            return response
        if response["Content-Type"].startswith("application/problem+json"):
            return response
        told = problem(_refusal(response.status_code), status=response.status_code)
        if "Allow" in response:
            told["Allow"] = response["Allow"]
        return told


def _refusal(status: int) -> Refusal:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFailed()
    known: dict[int, Refusal] = {HTTPStatus.NOT_FOUND: NotFound(), HTTPStatus.FORBIDDEN: NotAllowed()}
    return known.get(status) or MalformedRequest(details=HTTPStatus(status).phrase)
