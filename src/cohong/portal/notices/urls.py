"""The notices' addresses."""

from django.urls import path

from cohong.portal.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.all_read, name="notices_read"),
    path("notices/settings/", views.wishes, name="notices_wishes"),
    path("notices/no-mail/<str:token>/", views.no_mail, name="notices_no_mail"),
    path("notices/<uuid:notice_id>/", views.open_notice, name="notice"),
    path("language/", views.choose_language, name="set_language"),
]
