"""The table of contents of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from portal import views
from portal.kit.composition import load

# SECURITY: operators sign in as everybody does, second factor and rate limit included; the admin's own form knows neither.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("agencies/", include("agencies.urls")),
    path("projects/", include("projects.urls")),
    path("", include("projects.ip.urls")),
    path("agreements/", include("projects.agreements.urls")),
    path("", include("projects.messaging.urls")),
    path("inbox/", include("portal.inbox.urls")),
    path("verify/", load("projects.agreements.views.verifying.verify"), name="verify"),
    path("ledger/", include("portal.history.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="schema-docs"),
    path("api/v1/", include("portal.api")),
    path("docs/problems/", views.problems, name="problems"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
handler400 = "portal.views.bad_request"
handler500 = "portal.views.server_error"
