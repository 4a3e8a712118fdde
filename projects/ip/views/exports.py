"""The register to take along: as a workbook and as JSON."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal.kit.actors import Request
from projects.ip.export import register_document
from projects.ip.pages import ip_page
from projects.ip.spreadsheet import MEDIA_TYPE, workbook


@require_safe
def register_xlsx(request: Request, ref: str) -> HttpResponse:
    """One sheet per list."""
    project, _context = ip_page(request, ref, "register")
    content = workbook(register_document(project, actor=request.actor))
    return _attached(HttpResponse(content, content_type=MEDIA_TYPE), f"{project.ref}-ip.xlsx")


@require_safe
def register_json(request: Request, ref: str) -> HttpResponse:
    """The same document as the API gives."""
    project, _context = ip_page(request, ref, "register")
    document = register_document(project, actor=request.actor)
    return _attached(
        JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1}), f"{project.ref}-ip.json"
    )


def _attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
