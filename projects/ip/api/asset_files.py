"""The JSON door of files of assets: metadata, uploads, and downloads after the marking was acknowledged."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.files.markings import CLASSIFIED
from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordPagination, RecordSerializer
from portal.kit.documents import DocumentParser
from portal.kit.refusals import NotNow
from projects.ip import actions
from projects.ip.api.markings import Guarded
from projects.ip.downloads import give, holds_pass, issue_pass
from projects.ip.models import Asset, AssetFile
from projects.ip.policies import AssetFilePolicy, FilesPolicy

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class AssetFileSerializer(Guarded, RecordSerializer):
    """One version of a file; its name, note and hash are withheld together with its content."""

    guarded = ("name", "note", "media_type", "sha256")

    asset = serializers.CharField(source="asset.ref", read_only=True)
    name = serializers.CharField(source="file.name", read_only=True)
    media_type = serializers.CharField(source="file.media_type", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    follows = serializers.UUIDField(source="follows.uid", default=None, read_only=True)
    marking = serializers.SerializerMethodField()
    needs_acknowledgement = serializers.BooleanField(source="asset.mark.needs_acknowledgement", read_only=True)

    class Meta:
        model = AssetFile
        fields = [
            "uid",
            "asset",
            "number",
            "follows",
            "name",
            "note",
            "media_type",
            "size",
            "sha256",
            "marking",
            "needs_acknowledgement",
            "withheld",
            "agency_name",
            "at",
            "verbs",
        ]

    def item_of(self, row: AssetFile) -> Asset:
        return row.asset

    def get_marking(self, row: AssetFile) -> list[str]:
        return row.asset.mark.words


class ReplaceInput(Input):
    """The bytes, as multipart/form-data."""

    file = serializers.FileField()
    note = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")
    classified = serializers.BooleanField(required=False, default=False, help_text="Classified material is refused.")


class AttachInput(ReplaceInput):
    """A file for an asset."""

    asset = serializers.CharField(max_length=32)


class AcknowledgeInput(Input):
    """The reader has read `marking`, and keeps to it."""

    acknowledged = serializers.BooleanField()


class AddressSerializer(serializers.Serializer):
    """Where the content is for two minutes."""

    url = serializers.CharField()


class NewestFirst(RecordPagination):
    """In the order in which they were added."""

    ordering = ("-id",)


class AssetFiles(Collection):
    """Files of the assets that one sees."""

    lookup_field = "uid"
    lookup_value_regex = UUID
    serializer_class = AssetFileSerializer
    policy_class = AssetFilePolicy
    pagination_class = NewestFirst
    parser_classes = [DocumentParser, MultiPartParser]

    def visible(self, actor: Actor) -> QuerySet:
        rows = AssetFile.objects.visible_to(actor).with_asset().select_related("follows", "asset__project__lead")
        return rows.prefetch_related("asset__project__participations__agency")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if asset := self.request.query_params.get("asset", ""):
            queryset = queryset.filter(asset__ref=asset.replace("\x00", ""))
        return queryset

    @extend_schema(parameters=[OpenApiParameter("asset", str, description="Reference of an asset.")])
    def list(self, request: Request) -> Response:
        """Every version, newest first."""
        return super().list(request)

    def retrieve(self, request: Request, uid: str) -> Response:
        """One version."""
        return self.represent(self.get_object())

    @extend_schema(request={"multipart/form-data": AttachInput}, responses={201: AssetFileSerializer})
    def create(self, request: Request) -> Response:
        """Add a file to an asset of one's agency."""
        typed = self.read(AttachInput)
        assets = Asset.objects.visible_to(self.actor).with_project()
        asset = get_object_or_404(assets, ref=typed.pop("asset").replace("\x00", ""))
        FilesPolicy(self.actor, asset).require("attach")
        return self.created(self._again(actions.attach_to_asset(asset, actor=self.actor, **_content(typed))))

    @extend_schema(request={"multipart/form-data": ReplaceInput}, responses={201: AssetFileSerializer})
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, uid: str) -> Response:
        """Add the version that follows."""
        file = self.get_object()
        self.require("replace", file)
        typed = self.read(ReplaceInput)
        return self.created(self._again(actions.replace_asset_file(file, actor=self.actor, **_content(typed))))

    @extend_schema(request=AcknowledgeInput, responses=AddressSerializer)
    @action(detail=True, methods=["post"])
    def download(self, request: Request, uid: str) -> Response:
        """Acknowledge the marking, and be given the address of the content."""
        file = self.get_object()
        self.require("download", file)
        typed = self.read(AcknowledgeInput)
        actions.acknowledge_marking([file], actor=self.actor, **typed)
        address = reverse("api:asset-file-content", args=[file.uid])
        return Response({"url": f"{address}?pass={issue_pass([file], actor=self.actor)}"})

    @extend_schema(
        parameters=[OpenApiParameter("pass", str, description="From `download`, where the marking asks for it.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"])
    def content(self, request: Request, uid: str) -> HttpResponse:
        """The bytes; what is marked needs a pass."""
        file = self.get_object()
        self.require("download", file)
        token = request.query_params.get("pass", "")
        if file.asset.mark.needs_acknowledgement and not holds_pass(token, [file], actor=self.actor):
            raise NotNow(
                _("Its marking has not been acknowledged."),
                code="acknowledgement-needed",
                unblock=_("POST to download first; the address that it gives holds for two minutes."),
                state=file.asset.export_class,
            )
        return give(file, actor=self.actor)

    def _again(self, file: AssetFile) -> AssetFile:
        found: AssetFile = self.visible(self.actor).get(pk=file.pk)
        return found


def _content(typed: dict[str, Any]) -> dict[str, Any]:
    uploaded = typed.pop("file")
    export_class = CLASSIFIED if typed.pop("classified") else ""
    return {**typed, "content": uploaded, "name": uploaded.name, "export_class": export_class}
