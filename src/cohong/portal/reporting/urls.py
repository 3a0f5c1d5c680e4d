"""Direct reporting's addresses."""

from django.urls import path

from cohong.portal.reporting import official, register, views

urlpatterns = [
    path("reporting/", views.home, name="reporting"),
    path("reporting/reports/<uuid:report_id>/", views.report, name="stat_report"),
    path("reporting/reports/<uuid:report_id>/save/", views.save, name="stat_report_save"),
    path("reporting/reports/<uuid:report_id>/check/", views.check, name="stat_report_check"),
    path("reporting/reports/<uuid:report_id>/file/", views.upload, name="stat_report_upload"),
    path("reporting/reports/<uuid:report_id>/template/", views.template, name="stat_report_template"),
    path("reporting/reports/<uuid:report_id>/do/<str:act>/", views.act, name="stat_report_act"),
    path("reporting/units/", register.units, name="stat_units"),
    path("reporting/units/<uuid:unit_id>/", register.unit, name="stat_unit"),
    path("reporting/official-figures/", official.official, name="stat_official"),
    path("reporting/matches/<uuid:match_id>/", register.decide, name="stat_match"),
]
