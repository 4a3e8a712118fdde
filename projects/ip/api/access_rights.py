"""The JSON door of rights of access."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, verb
from projects.ip import actions
from projects.ip.models import AccessRight, Cause, Purpose, Standing
from projects.ip.models.right import TERMS
from projects.ip.policies import AccessRightPolicy

CUT_SHORT = [(one.value, one.label) for one in (Cause.BREACH, Cause.AUTHORISATION)]


class AccessRightSerializer(RecordSerializer):
    """A right with its terms; it holds from `starts_at` up to, not including, the first of `ends_at` and `cut_at`."""

    asset = serializers.CharField(source="asset.ref", read_only=True)
    holder = serializers.CharField(source="holder.ref", read_only=True)
    grantor = serializers.CharField(source="grantor.ref", read_only=True)
    standing = serializers.ChoiceField(choices=Standing.choices, read_only=True)

    class Meta:
        model = AccessRight
        fields = [
            "ref",
            "version",
            "asset",
            "holder",
            "holder_name",
            "grantor",
            "grantor_name",
            "purpose",
            "standing",
            "clause",
            "starts_at",
            "ends_at",
            *TERMS,
            "cut_at",
            "cut_cause",
            "cut_reason",
            "created_at",
            "updated_at",
            "verbs",
        ]


class RevokeInput(Input):
    """Why it is cut short."""

    cause = serializers.ChoiceField(choices=CUT_SHORT)
    reason = serializers.CharField(max_length=4_000)


class UsedUpInput(Input):
    """What was used."""

    reason = serializers.CharField(max_length=4_000)


class AccessRights(Collection):
    """What one's agency may use, and what it let others use."""

    serializer_class = AccessRightSerializer
    policy_class = AccessRightPolicy

    def visible(self, actor: Actor) -> QuerySet:
        return AccessRight.objects.visible_to(actor).with_parties()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for name, path in (("project", "asset__project__ref"), ("asset", "asset__ref"), ("purpose", "purpose")):
            if value := self.request.query_params.get(name, ""):
                queryset = queryset.filter(**{path: value.replace("\x00", "")})
        return queryset

    @extend_schema(
        parameters=[
            OpenApiParameter("project", str, description="Reference of a project."),
            OpenApiParameter("asset", str, description="Reference of an asset."),
            OpenApiParameter("purpose", str, enum=Purpose.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @verb(RevokeInput)
    def revoke(self, right: AccessRight, **typed: Any) -> AccessRight:
        """End it for a breach or a withdrawn authorisation, at this instant."""
        return self._again(actions.revoke_right(right, actor=self.actor, **typed))

    @verb(UsedUpInput)
    def use_up(self, right: AccessRight, **typed: Any) -> AccessRight:
        """Say that it is used up."""
        return self._again(actions.use_up_right(right, actor=self.actor, **typed))

    def _again(self, right: AccessRight) -> AccessRight:
        return self.visible(self.actor).get(pk=right.pk)
