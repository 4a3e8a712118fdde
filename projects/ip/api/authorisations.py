"""The JSON door of export authorisations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.files.storage import respond
from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from projects.ip import actions
from projects.ip.models import AuthorisationKind, AuthorisationStatus, ExportAuthorisation
from projects.ip.policies import AuthorisationPolicy
from projects.models import Project


class AuthorisationSerializer(RecordSerializer):
    """What it lets cross, to whom, from when to when; `status` is where it stands at this instant."""

    project = serializers.CharField(source="project.ref", read_only=True)
    agency = serializers.CharField(source="agency.ref", read_only=True)
    status = serializers.ChoiceField(AuthorisationStatus.choices, source="stands", read_only=True)
    document = serializers.CharField(source="document.sha256", default="", read_only=True)

    class Meta:
        model = ExportAuthorisation
        fields = [
            "ref",
            "version",
            "project",
            "agency",
            "agency_name",
            "kind",
            "number",
            "authority",
            "parties",
            "items",
            "status",
            "valid_from",
            "valid_until",
            "conditions",
            "document",
            "void_reason",
            "granted_at",
            "voided_at",
            "created_at",
            "updated_at",
            "verbs",
        ]


class ScopeInput(Input):
    """Whom and what it covers, by reference; no items means all that the holder brings to the project."""

    parties = serializers.ListField(child=serializers.CharField(max_length=32), min_length=1, max_length=100)
    items = serializers.ListField(child=serializers.CharField(max_length=32), max_length=500, required=False)
    conditions = serializers.CharField(max_length=4_000, allow_blank=True, required=False)


class ApplyInput(ScopeInput):
    """What has been applied for."""

    project = serializers.CharField(max_length=32)
    kind = serializers.ChoiceField(choices=AuthorisationKind.choices)
    number = serializers.CharField(max_length=80)
    authority = serializers.CharField(max_length=200)


class GrantInput(Input):
    """The grant: instants with their offset from UTC."""

    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True, required=False, default=None)
    number = serializers.CharField(max_length=80, required=False)
    conditions = serializers.CharField(max_length=4_000, allow_blank=True, required=False)


class AmendmentInput(ScopeInput):
    """All of what it covers from now on."""

    valid_until = serializers.DateTimeField(allow_null=True)


class VoidInput(Input):
    """What happened."""

    reason = serializers.CharField(max_length=2_000)


class Authorisations(Collection):
    """What one's agency holds, and what names it."""

    serializer_class = AuthorisationSerializer
    policy_class = AuthorisationPolicy

    def visible(self, actor: Actor) -> QuerySet:
        rows = ExportAuthorisation.objects.visible_to(actor)
        return rows.select_related("project", "agency", "document")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if project := self.request.query_params.get("project", ""):
            queryset = queryset.filter(project__ref=project.replace("\x00", ""))
        return queryset

    @extend_schema(parameters=[OpenApiParameter("project", str, description="Reference of a project.")])
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=ApplyInput, responses={201: AuthorisationSerializer})
    def create(self, request: Request) -> Response:
        """Enter what has been applied for."""
        typed = self.read(ApplyInput)
        project = get_object_or_404(Project.objects.inside_for(self.actor).with_agencies(), ref=typed.pop("project"))
        return self.created(self._again(actions.apply_for_authorisation(project, actor=self.actor, **typed)))

    @verb(GrantInput)
    def grant(self, authorisation: ExportAuthorisation, **typed: Any) -> ExportAuthorisation:
        """Enter the grant."""
        version = if_match(self.request)
        return self._again(actions.grant_authorisation(authorisation, actor=self.actor, version=version, **typed))

    @verb(AmendmentInput)
    def amend(self, authorisation: ExportAuthorisation, **typed: Any) -> ExportAuthorisation:
        """Enter an amendment."""
        version = if_match(self.request)
        return self._again(actions.amend_authorisation(authorisation, actor=self.actor, version=version, **typed))

    @verb(VoidInput)
    def void(self, authorisation: ExportAuthorisation, **typed: Any) -> ExportAuthorisation:
        """Say that it is refused, withdrawn or revoked."""
        return self._again(actions.void_authorisation(authorisation, actor=self.actor, **typed))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def document(self, request: Request, ref: str) -> HttpResponse:
        """The licence itself, for its holder."""
        found = self.get_object()
        AuthorisationPolicy(self.actor, found).require("read_document")
        assert found.document is not None
        return respond(found.document)

    def _again(self, authorisation: ExportAuthorisation) -> ExportAuthorisation:
        found: ExportAuthorisation = self.visible(self.actor).get(pk=authorisation.pk)
        return found
