"""The JSON door: the collections of every app under /api/v1/, the schema and its page."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, include, path, re_path
from django.utils.encoding import force_bytes
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter

from portal.kit import problems

router = SimpleRouter()
paths: list[URLPattern] = []
for _name in settings.API_ROUTES:
    _module = import_module(_name)
    for _prefix, _viewset, _basename in getattr(_module, "routes", []):
        router.register(_prefix, _viewset, basename=_basename)
    paths += getattr(_module, "paths", [])


class Description(SpectacularAPIView):
    """The description of the API. It is the same for everybody and takes seconds to make, so that it is made once."""

    def _get_schema_response(self, request: Request) -> HttpResponse:
        language = get_language()
        # SECURITY: the address may name any language, and each would cost seconds and stay in memory.
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        form = request.accepted_renderer
        charset = f"; charset={form.charset}" if form.charset else ""
        response = HttpResponse(_drawn(known, form.media_type), content_type=f"{form.media_type}{charset}")
        response["Content-Disposition"] = f'inline; filename="{self._get_filename(request, self.api_version)}"'
        return response


@cache
def _drawn(language: str, media_type: str) -> bytes:
    """In one of our languages, as the bytes that are sent."""
    form = next(form for form in Description.renderer_classes if form.media_type == media_type)
    return force_bytes(form().render(_described(language), media_type, {}))


@cache
def _described(language: str) -> Any:
    with override(language):
        return SchemaGenerator().get_schema(request=None, public=True)


@login_not_required
def not_found(request: HttpRequest, rest: str = "") -> JsonResponse:
    """An address that the API does not have is a problem like any other."""
    return problem(404, "Not found", "not-found")


def problem(status: int, title: str, code: str) -> JsonResponse:
    """An error that no view of the API has seen."""
    return JsonResponse(problems.problem(status, title, "", code), status=status, content_type=problems.PROBLEM)


urlpatterns = [
    path("schema/", Description.as_view(), name="schema"),
    path("", include([*paths, *router.urls])),
    re_path("^(?P<rest>.*)$", not_found, name="not-found"),
]
app_name = "api"
