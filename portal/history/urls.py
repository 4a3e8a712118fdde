"""The public pages of the ledger."""

from django.urls import path

from portal.history import alarm_views, views

app_name = "history"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("witness.py", views.witness_script, name="witness-script"),
    path("alarms/<int:number>/", alarm_views.alarm, name="alarm"),
    path("alarms/<int:number>/explain/", alarm_views.explain, name="explain-alarm"),
    path("<int:index>/", views.entry, name="entry"),
]
