"""The addresses of the company's purchasing."""

from django.urls import path

from cohong.portal.company import approving, people, spending

urlpatterns = [
    path("company/", people.company, name="company"),
    path("company/people/", people.on_people, name="on_people"),
    path("company/limits/", people.on_limits, name="on_limits"),
    path("company/invoices/", people.on_invoices, name="on_invoices"),
    path("company/approvals/", approving.approvals, name="approvals"),
    path("company/approvals/<uuid:approval_id>/", approving.approval, name="approval"),
    path("company/approvals/<uuid:approval_id>/decide/", approving.decide, name="decide_approval"),
    path("company/spending/", spending.spending, name="spending"),
    path("company/spending/table/", spending.table, name="spending_table"),
]
