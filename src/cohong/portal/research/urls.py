"""The research desk's addresses, and those of the open data."""

from django.urls import path

from cohong.portal.research import asking, keeping, open_data, rights, views

urlpatterns = [
    path("data/research/", views.desk, name="research"),
    path("data/research/file/", views.download, name="research_file"),
    path("data/research/queries/", keeping.queries, name="research_queries"),
    path("data/research/queries/<uuid:query_id>/", keeping.query, name="research_query"),
    path("data/research/queries/<uuid:query_id>/do/<str:act>/", keeping.act, name="research_query_act"),
    path("data/research/shared/<str:key>/", keeping.shared, name="research_shared"),
    path("data/research/breakdowns/", asking.breakdowns, name="research_breakdowns"),
    path("data/research/breakdowns/<uuid:question_id>/", asking.breakdown, name="research_breakdown"),
    path("data/research/rights/", rights.rights, name="research_rights"),
    path("data/research/rights/<uuid:party_id>/end/", rights.end, name="research_right_end"),
    path("data/open/", open_data.catalogue, name="open_data"),
    path("data/open/catalogue.json", open_data.catalogue_json, name="open_data_json"),
    path("data/open/<slug:code>/", open_data.data_set, name="open_data_set"),
    path("data/open/<slug:code>/file/<str:format_>/", open_data.download, name="open_data_file"),
]
