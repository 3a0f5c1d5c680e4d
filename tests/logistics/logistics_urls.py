"""Logistics' HTTP interface by itself, as the site mounts it."""

from django.urls import path
from ninja import NinjaAPI

from cohong.kernel.http import install_problems
from cohong.logistics.http import router

api = NinjaAPI(urls_namespace="logistics-by-itself", version="test")
install_problems(api)
api.add_router("/logistics", router)
urlpatterns = [path("api/v1/", api.urls)]
