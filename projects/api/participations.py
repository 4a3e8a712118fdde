"""Who takes part, as JSON."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordPagination
from projects.models import Participation


class ParticipationSerializer(serializers.ModelSerializer):
    """An agency's part in a project."""

    project: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)
    agency: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)

    class Meta:
        model = Participation
        fields = [
            "project",
            "agency",
            "agency_name",
            "role",
            "status",
            "condition",
            "note",
            "terms_number",
            "invited_at",
            "answered_at",
            "condition_accepted_at",
            "joined_on",
            "left_on",
        ]


class ByInvitation(RecordPagination):
    """Participations have no date of their own; the newest invitation comes first."""

    ordering = ("-invited_at", "-id")


class Participations(Collection):
    """Who takes part in the projects one is inside of; read only."""

    queryset = Participation.objects.none()
    serializer_class = ParticipationSerializer
    pagination_class = ByInvitation
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"

    def visible(self, actor: Actor) -> QuerySet[Participation]:
        return Participation.objects.visible_to(actor).select_related("project", "agency")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        project = self.request.query_params.get("project", "").replace("\x00", "")
        return queryset.filter(project__ref=project) if project else queryset

    @extend_schema(parameters=[OpenApiParameter("project", str, description="The reference of one project.")])
    def list(self, request: Request) -> Response:
        return super().list(request)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.represent(self.get_object())
