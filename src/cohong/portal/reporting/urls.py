"""Direct reporting's addresses."""

from django.urls import path

from cohong.portal.reporting import matches, official, register, unit_acts, unit_lists, views

urlpatterns = [
    path("reporting/", views.home, name="reporting"),
    path("reporting/reports/<uuid:report_id>/", views.report, name="stat_report"),
    path("reporting/reports/<uuid:report_id>/save/", views.save, name="stat_report_save"),
    path("reporting/reports/<uuid:report_id>/check/", views.check, name="stat_report_check"),
    path("reporting/reports/<uuid:report_id>/file/", views.upload, name="stat_report_upload"),
    path("reporting/reports/<uuid:report_id>/template/", views.template, name="stat_report_template"),
    path("reporting/reports/<uuid:report_id>/do/<str:act>/", views.act, name="stat_report_act"),
    path("reporting/units/", register.units, name="stat_units"),
    path("reporting/units/new/", unit_acts.enter, name="stat_unit_new"),
    path("reporting/units/list/", unit_lists.unit_list, name="stat_unit_list"),
    path("reporting/units/list/template/", unit_lists.template, name="stat_unit_list_template"),
    path("reporting/units/<uuid:unit_id>/", register.unit, name="stat_unit"),
    path("reporting/units/<uuid:unit_id>/do/<str:act>/", unit_acts.act, name="stat_unit_act"),
    path("reporting/official-figures/", official.official, name="stat_official"),
    path("reporting/official-figures/file/", official.upload, name="stat_official_upload"),
    path("reporting/official-figures/template/", official.template, name="stat_official_template"),
    path("reporting/matches/", matches.matches, name="stat_matches"),
    path("reporting/matches/<uuid:match_id>/", matches.decide, name="stat_match"),
]
