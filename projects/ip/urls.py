"""Addresses of the IP register; included at the root of the site."""

from django.urls import path

from projects.ip import views

app_name = "ip"

urlpatterns = [
    path("projects/<ref:ref>/ip/", views.register, name="register"),
    path("projects/<ref:ref>/ip/background/new/", views.list_background, name="list-background"),
    path("projects/<ref:ref>/ip/results/new/", views.claim_result, name="claim-result"),
    path("projects/<ref:ref>/ip/sideground/new/", views.declare_sideground, name="declare-sideground"),
    path("ip/<ref:ref>/", views.asset, name="asset"),
    path("ip/<ref:ref>/edit/", views.edit, name="edit"),
    path("ip/<ref:ref>/shares/", views.set_shares, name="set-shares"),
    path("ip/<ref:ref>/contest/", views.contest, name="contest"),
    path("ip/<ref:ref>/settle/", views.settle, name="settle"),
    path("ip/<ref:ref>/withdraw/", views.withdraw, name="withdraw"),
]
