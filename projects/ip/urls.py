"""Addresses of intellectual property; included at the root of the site."""

from django.urls import path

from projects.ip.views import asset_files, assets, authorisations, desk, markings

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
    path("projects/<ref:ref>/ip/files/", asset_files.files, name="files"),
    path("projects/<ref:ref>/ip/files/bundle/", asset_files.bundle, name="bundle"),
    path("projects/<ref:ref>/ip/authorisations/", authorisations.authorisations, name="authorisations"),
    path("projects/<ref:ref>/ip/authorisations/new/", authorisations.apply, name="apply-authorisation"),
    path("ip/<ref:ref>/markings/", markings.markings, name="markings"),
    path("ip/<ref:ref>/classify/", markings.classify, name="classify"),
    path("ip/<ref:ref>/mark/", markings.mark, name="mark"),
    path("ip/<ref:ref>/request-classification/", markings.request_classification, name="request-classification"),
    path("ip/<ref:ref>/hold/", markings.hold, name="hold"),
    path("ip/<ref:ref>/release/", markings.release, name="release"),
    path("ip/<ref:ref>/files/new/", asset_files.attach, name="attach-file"),
    path("ip/files/<uuid:uid>/", asset_files.file, name="file"),
    path("ip/files/<uuid:uid>/replace/", asset_files.replace, name="replace-file"),
    path("authorisations/<ref:ref>/", authorisations.authorisation, name="authorisation"),
    path("authorisations/<ref:ref>/grant/", authorisations.grant, name="grant-authorisation"),
    path("authorisations/<ref:ref>/amend/", authorisations.amend, name="amend-authorisation"),
    path("authorisations/<ref:ref>/void/", authorisations.void, name="void-authorisation"),
    path("authorisations/<ref:ref>/document/", authorisations.document, name="authorisation-document"),
]
