"""The catalog's HTTP interface by itself, as the site mounts it."""

from django.urls import path
from ninja import NinjaAPI

from cohong.catalog.http import router
from cohong.kernel.http import install_problems

api = NinjaAPI(urls_namespace="catalog-by-itself", version="test")
install_problems(api)
api.add_router("/catalog", router)
urlpatterns = [path("api/v1/", api.urls)]
