"""The desk of dispatch's addresses."""

from django.urls import path

from cohong.portal.dispatch import counter, exports, papers, returning, shipping

urlpatterns = [
    path("merchant/ship/", shipping.to_ship, name="to_ship"),
    path("merchant/ship/send/", shipping.ship_many, name="ship_many"),
    path("merchant/ship/sent/", shipping.sent, name="sent"),
    path("merchant/ship/labels/", papers.labels, name="labels"),
    path("merchant/ship/slips/", papers.slips, name="slips"),
    path("merchant/counter/", counter.counter, name="counter"),
    path("merchant/counter/hand-over/", counter.at_counter, name="at_counter"),
    path("merchant/returns/", returning.returns_desk, name="returns_desk"),
    path("merchant/returns/<uuid:return_id>/do/<str:act>/", returning.return_act, name="return_act"),
    path("merchant/exports/", exports.exports, name="exports"),
    path("merchant/exports/sales/", exports.sales_file, name="sales_file"),
]
