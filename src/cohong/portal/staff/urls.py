"""The desk of staff's addresses."""

from django.urls import path

from cohong.portal.staff import people, tokens

urlpatterns = [
    path("merchant/staff/", people.staff, name="staff"),
    path("merchant/staff/add/", people.add, name="staff_add"),
    path("merchant/staff/<uuid:user_id>/roles/", people.set_roles, name="staff_roles"),
    path("merchant/tokens/", tokens.tokens, name="tokens"),
    path("merchant/tokens/issue/", tokens.issue, name="token_issue"),
    path("merchant/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token_revoke"),
]
