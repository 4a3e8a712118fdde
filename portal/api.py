"""The JSON door: the collections of every app under /api/v1/, the schema and its page."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

router = SimpleRouter()
paths: list[URLPattern] = []
for _name in settings.API_ROUTES:
    _module = import_module(_name)
    for _prefix, _viewset, _basename in getattr(_module, "routes", []):
        router.register(_prefix, _viewset, basename=_basename)
    paths += getattr(_module, "paths", [])


@login_not_required
def not_found(request: HttpRequest, rest: str = "") -> JsonResponse:
    """An address that the API does not have is a problem like any other."""
    return problem(404, "Not found", "not-found")


def problem(status: int, title: str, code: str) -> JsonResponse:
    """An error that no view of the API has seen."""
    body = {"type": f"/docs/problems/#{code}", "title": title, "status": status, "detail": "", "code": code}
    return JsonResponse(body, status=status, content_type="application/problem+json")


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include([*paths, *router.urls])),
    re_path("^(?P<rest>.*)$", not_found, name="not-found"),
]
app_name = "api"
