"""The JSON door of versions: which there are, what differs between two, and each as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.api import Door
from projects.agreements.bundle import bundled
from projects.agreements.exports.files import FORMATS, LAYOUTS, exported
from projects.agreements.models import Agreement
from projects.agreements.sides import comparison_of, sides_of
from projects.agreements.versions import revisions_of, texts_of

# A redline: pairs of `same`, `ins` or `del` and the words.
RUNS = {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}


class RevisionSerializer(serializers.Serializer):
    """A revision or a frozen text; `changes` says in words what a revision brought."""

    key = serializers.CharField()
    number = serializers.IntegerField()
    agency = serializers.CharField(source="agency.ref", default=None)
    person = serializers.CharField(source="person.name", default=None)
    at = serializers.DateTimeField()
    sha256 = serializers.CharField(source="text.sha256", default=None)
    changes = serializers.ListField(child=serializers.CharField())


class VersionsSerializer(serializers.Serializer):
    texts = RevisionSerializer(many=True)
    revisions = RevisionSerializer(many=True)


class SideSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not the label of this one
    sha256 = serializers.CharField(allow_null=True)


@extend_schema_field(RUNS)
class RunsField(serializers.Field):
    """A redline: pairs of `same`, `ins` or `del` and the words."""

    def to_representation(self, value: Any) -> list[list[str]]:
        return [list(run) for run in value]


class ClauseChangeSerializer(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.CharField()
    is_moved = serializers.BooleanField()
    is_renumbered = serializers.BooleanField()
    old_number = serializers.IntegerField()
    new_number = serializers.IntegerField()
    heading = RunsField()
    text = serializers.SerializerMethodField()

    @extend_schema_field(RUNS)
    def get_text(self, change: Any) -> list[list[str]]:
        """Left out of clauses that say the same."""
        return [] if change.state == "same" else [list(run) for run in change.text]


class DifferenceSerializer(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()


class TranslationChangeSerializer(serializers.Serializer):
    language = serializers.CharField()
    clauses = ClauseChangeSerializer(many=True)


class ComparisonSerializer(serializers.Serializer):
    is_same = serializers.BooleanField()
    facts = DifferenceSerializer(many=True)
    clauses = ClauseChangeSerializer(many=True)
    answers = DifferenceSerializer(many=True)
    translations = serializers.SerializerMethodField()
    amended = ClauseChangeSerializer(many=True)
    amended_answers = DifferenceSerializer(many=True)
    annexes = DifferenceSerializer(many=True)

    @extend_schema(responses=TranslationChangeSerializer(many=True))
    def get_translations(self, comparison: Any) -> list[Any]:
        rows = [{"language": language, "clauses": clauses} for language, clauses in comparison.translations]
        return list(TranslationChangeSerializer(rows, many=True).data)


class ComparedSerializer(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {"from": SideSerializer(), "to": SideSerializer(), "comparison": ComparisonSerializer()}


class AgreementDoor(Door):
    """Something about one agreement that the actor may see."""

    def agreement(self, ref: str) -> Agreement:
        return get_object_or_404(Agreement.objects.visible_to(self.actor).for_pages(), ref=ref)


class Revisions(AgreementDoor):
    """The frozen texts and the revisions of an agreement, the newest first."""

    @extend_schema(responses=VersionsSerializer)
    def get(self, request: Request, ref: str) -> Response:
        agreement = self.agreement(ref)
        lists = {"texts": texts_of(agreement, self.actor), "revisions": revisions_of(agreement, self.actor)}
        return Response(VersionsSerializer(lists).data)


class Compare(AgreementDoor):
    """What differs between two versions, a version and the model, or two agreements."""

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="r7, v1, model, or the reference of another agreement."),
            OpenApiParameter("to", str, description="The same; the text as it stands when it is left out."),
            OpenApiParameter("with", str, description="The reference of another agreement, instead of `to`."),
        ],
        responses=ComparedSerializer,
    )
    def get(self, request: Request, ref: str) -> Response:
        asked = {name: request.query_params.get(name, "") for name in ("from", "to", "with")}
        before, after = sides_of(self.agreement(ref), asked, self.actor)
        compared = {"from": before, "to": after, "comparison": comparison_of(before, after)}
        return Response(ComparedSerializer(compared).data)


class Export(AgreementDoor):
    """A version as a file: PDF, Word (with tracked changes), Markdown or canonical JSON."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Here `format` is of the file; the framework would look for a renderer of that name."""
        renderer = JSONRenderer()
        return renderer, renderer.media_type

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, enum=FORMATS, required=True),
            OpenApiParameter("version", str, description="r7 or v1; the text as it stands when it is left out."),
            OpenApiParameter("from", str, description="Track the changes since this version (docx)."),
            OpenApiParameter("layout", str, enum=LAYOUTS, description="How two languages stand (pdf)."),
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, ref: str) -> HttpResponse:
        asked = {name: request.query_params.get(name, "") for name in ("format", "version", "from", "layout")}
        return exported(
            self.agreement(ref), self.actor, file_format=asked["format"], version=asked["version"],
            since=asked["from"], layout=asked["layout"],
        )  # fmt: skip


class BundleOf(AgreementDoor):
    """A ZIP with everything that proves a signed text, and the script that checks it without the portal."""

    @extend_schema(
        parameters=[
            OpenApiParameter("version", str, description="v1; the newest frozen text when it is left out."),
            OpenApiParameter("since", int, description="Prove growth from a checkpoint over so many entries."),
        ],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, ref: str) -> HttpResponse:
        asked = {name: request.query_params.get(name, "") for name in ("version", "since")}
        return bundled(self.agreement(ref), self.actor, version=asked["version"], since=asked["since"])
