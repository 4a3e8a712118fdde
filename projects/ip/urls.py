"""Addresses of intellectual property; included at the root of the site."""

from django.urls import path

from projects.ip.views import assets, desk

app_name = "ip"

urlpatterns = [
    path("projects/<ref:ref>/ip/", assets.register, name="register"),
    path("projects/<ref:ref>/ip/background/new/", assets.list_background, name="list-background"),
    path("projects/<ref:ref>/ip/results/new/", assets.claim_result, name="claim-result"),
    path("projects/<ref:ref>/ip/sideground/new/", assets.declare_sideground, name="declare-sideground"),
    path("ip/", desk.desk, name="desk"),
    path("ip/<ref:ref>/", assets.asset, name="asset"),
    path("ip/<ref:ref>/edit/", assets.edit, name="edit"),
    path("ip/<ref:ref>/shares/", assets.set_shares, name="set-shares"),
    path("ip/<ref:ref>/contest/", assets.contest, name="contest"),
    path("ip/<ref:ref>/settle/", assets.settle, name="settle"),
    path("ip/<ref:ref>/withdraw/", assets.withdraw, name="withdraw"),
]
