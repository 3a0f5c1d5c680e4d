"""Payments' HTTP interface by itself, as the site mounts it."""

from django.urls import path
from ninja import NinjaAPI

from cohong.kernel.http import install_problems
from cohong.payments.http import router

api = NinjaAPI(urls_namespace="payments-by-itself", version="test")
install_problems(api)
api.add_router("/payments", router)
urlpatterns = [path("api/v1/", api.urls)]
