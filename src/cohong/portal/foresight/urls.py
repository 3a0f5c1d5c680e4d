"""The addresses of forecasts and alarms."""

from django.urls import path

from cohong.portal.foresight import alarms, forecasts

urlpatterns = [
    path("data/forecasts/", forecasts.forecasts, name="forecasts"),
    path("data/forecasts/<slug:indicator>/", forecasts.forecast, name="forecast"),
    path("data/alarms/", alarms.alarms, name="alarms"),
    path("data/alarms/<uuid:alarm_id>/", alarms.alarm, name="alarm"),
    path("data/alarms/<uuid:alarm_id>/do/<slug:act>/", alarms.act, name="alarm_act"),
]
