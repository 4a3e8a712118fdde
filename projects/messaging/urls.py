"""Addresses of threads and messages; included at the root of the site."""

from django.urls import path

from projects.messaging import views

app_name = "messaging"

urlpatterns = [
    path("threads/", views.threads, name="threads"),
    path("threads/new/", views.new, name="new"),
    path("threads/<ref:ref>/", views.thread, name="thread"),
    path("threads/<ref:ref>/messages/", views.messages, name="messages"),
    path("threads/<ref:ref>/messages/<uuid:uid>/", views.message, name="message"),
    path("threads/<ref:ref>/messages/<uuid:uid>/withdraw/", views.withdraw, name="withdraw"),
    path("threads/<ref:ref>/read/", views.read, name="read"),
    path("threads/<ref:ref>/agencies/", views.add_agency, name="add-agency"),
    path("threads/<ref:ref>/close/", views.close, name="close"),
    path("threads/<ref:ref>/reopen/", views.reopen, name="reopen"),
    path("projects/<ref:ref>/threads/", views.project_threads, name="project-threads"),
]
