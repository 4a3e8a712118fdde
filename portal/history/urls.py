"""The public pages of the ledger."""

from django.urls import path

from portal.history import views

app_name = "history"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("<int:index>/", views.entry, name="entry"),
]
