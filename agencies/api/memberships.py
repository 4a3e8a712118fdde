"""Who works for one's agency, as JSON."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import actions
from agencies.api.inputs import RolesInput
from agencies.api.proving import proof_of
from agencies.models import Membership, Person, Role
from agencies.models.memberships import MembershipQuerySet
from agencies.policies import MembershipPolicy
from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordSerializer, if_match, verb


class PersonSerializer(serializers.ModelSerializer):
    """A person as colleagues know them."""

    class Meta:
        model = Person
        fields = ["uid", "name", "native_name", "zone"]
        read_only_fields = fields


class MembershipSerializer(RecordSerializer):
    """A person's roles in an agency; it holds from `begins_at` up to, not including, `over_at`."""

    person = PersonSerializer(read_only=True)
    agency: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)
    is_live = serializers.BooleanField(read_only=True)

    class Meta:
        model = Membership
        fields = [
            "ref", "person", "agency", "roles", "position", "starts_on", "ends_on", "ended_at", "begins_at", "over_at",
            "is_live", "version", "created_at", "updated_at", "verbs",
        ]  # fmt: skip


class Memberships(Collection):
    """The people of the agency one acts for, past ones included."""

    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    policy_class = MembershipPolicy

    def visible(self, actor: Actor) -> QuerySet[Membership]:
        return Membership.objects.visible_to(actor).select_related("person", "agency")

    def filter_queryset(self, queryset: Any) -> MembershipQuerySet:
        role = self.request.query_params.get("role", "")
        if role:
            queryset = queryset.with_role(role) if role in Role.values else queryset.none()
        return queryset.live() if self.request.query_params.get("live") == "true" else queryset

    @extend_schema(
        parameters=[
            OpenApiParameter("role", str, enum=Role.values),
            OpenApiParameter("live", bool, description="Only those that hold now."),
        ]
    )
    def list(self, request: Request) -> Response:
        return super().list(request)

    @verb(RolesInput)
    def change_roles(self, membership: Membership, **sent: Any) -> Membership:
        """Give and take roles from this instant, proving again who you are."""
        version = if_match(self.request)
        MembershipPolicy(self.actor, membership).require("change_roles")
        proof = proof_of(self.request, sent)
        return actions.change_roles(membership, actor=self.actor, proof=proof, version=version, **sent)

    @verb()
    def end(self, membership: Membership) -> Membership:
        """End it at this instant, with the mandates and tokens that hang on it."""
        return actions.end_membership(membership, actor=self.actor)
