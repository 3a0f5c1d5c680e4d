"""The desk of settlement' addresses."""

from django.urls import path

from cohong.portal.settlement import balance, pages

urlpatterns = [
    path("merchant/balance/", balance.balance, name="balance"),
    path("merchant/balance/withdraw/", balance.withdraw, name="withdraw"),
    path("merchant/balance/top-up/", balance.top_up, name="top_up"),
    path("merchant/balance/movements/<uuid:movement_id>/", balance.movement, name="movement"),
    path("merchant/statements/", pages.statements, name="statements"),
    path("merchant/statements/<str:currency>/<str:month>/", pages.statement, name="statement"),
    path(
        "merchant/statements/<str:currency>/<str:month>/<str:form>/",
        pages.statement_file,
        name="statement_file",
    ),
]
