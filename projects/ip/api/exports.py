"""The register of a project in one answer, as JSON or as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.api import Door
from projects.ip.export import LISTS, register_document
from projects.ip.spreadsheet import MEDIA_TYPE, workbook
from projects.models import Project


class RegisterDocumentSerializer(serializers.Serializer):
    """The form of docs/register-export.md; rows of a list have the same names and only text."""

    format = serializers.CharField()  # type: ignore[assignment]
    version = serializers.IntegerField()
    project = serializers.DictField(child=serializers.CharField())
    exported_at = serializers.DateTimeField()
    exported_for = serializers.CharField()
    agreements = serializers.ListField(child=serializers.DictField())

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), **{name: _rows() for name in LISTS}}


def _rows() -> serializers.Field:
    """A list; a field belongs to one name alone."""
    return serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))


class RegisterExport(Door):
    """Everything of the register that the acting agency may see."""

    renderer_classes = [JSONRenderer]

    @extend_schema(responses=RegisterDocumentSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The register as JSON, in one document of a versioned form."""
        return Response(self.document(ref))

    def document(self, ref: str) -> dict[str, Any]:
        project = get_object_or_404(Project.objects.inside_for(self.actor).with_agencies(), ref=ref)
        return register_document(project, actor=self.actor)


class RegisterWorkbook(RegisterExport):
    """The same as a workbook."""

    @extend_schema(responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:  # type: ignore[override]
        """The register as XLSX: one sheet per list, every cell text."""
        response = HttpResponse(workbook(self.document(ref)), content_type=MEDIA_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{ref}-ip.xlsx"'
        return response
