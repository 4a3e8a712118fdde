"""Addresses of the inbox; home itself is at the root of the site."""

from django.urls import path

from portal.inbox import views

app_name = "inbox"
urlpatterns = [
    path("count/", views.count, name="count"),
    path("read/", views.read, name="read"),
    path("preferences/", views.preferences, name="preferences"),
]
