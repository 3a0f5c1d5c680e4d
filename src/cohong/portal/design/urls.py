"""The living page's address."""

from django.urls import path

from cohong.portal.design import views

urlpatterns = [path("design/", views.design, name="design")]
