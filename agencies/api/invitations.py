"""Invitations to join an agency, as JSON."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import actions
from agencies.api.inputs import AcceptanceInput, InvitationInput
from agencies.api.memberships import MembershipSerializer
from agencies.api.proving import acting_agency, proof_of, require_session
from agencies.models import Invitation
from agencies.policies import AgencyPolicy, InvitationPolicy
from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordSerializer, verb


class InvitationSerializer(RecordSerializer):
    """An invitation; the secret of its link goes to the invited address alone."""

    agency: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)
    invited_by: Any = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    is_open = serializers.BooleanField(read_only=True)

    class Meta:
        model = Invitation
        fields = [
            "ref", "agency", "email", "roles", "position", "ends_on", "invited_by", "is_open", "expires_at", "accepted_at",
            "withdrawn_at", "version", "created_at", "updated_at", "verbs",
        ]  # fmt: skip


class Invitations(Collection):
    """Those that one's agency has sent."""

    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer
    policy_class = InvitationPolicy

    def visible(self, actor: Actor) -> QuerySet[Invitation]:
        return Invitation.objects.visible_to(actor).select_related("agency", "invited_by")

    @extend_schema(request=InvitationInput, responses={201: InvitationSerializer})
    def create(self, request: Request) -> Response:
        """Ask a person to join your agency, proving again who you are."""
        agency = acting_agency(self.actor)
        AgencyPolicy(self.actor, agency).require("invite")
        sent = self.read(InvitationInput)
        proof = proof_of(request, sent)
        return self.created(actions.invite(agency, actor=self.actor, proof=proof, **sent))

    @verb()
    def withdraw(self, invitation: Invitation) -> Invitation:
        """Make its link worthless."""
        return actions.withdraw_invitation(invitation, actor=self.actor)

    @extend_schema(request=AcceptanceInput, responses={201: MembershipSerializer})
    @action(detail=False, methods=["post"], url_path="accept", url_name="accept")
    def accept(self, request: Request) -> Response:
        """Join the agency whose link you hold; the link is used up."""
        require_session(self.actor)
        sent = self.read(AcceptanceInput)
        invitation = get_object_or_404(Invitation.objects.by_token(sent["token"]).select_related("agency"))
        membership = actions.accept_invitation(invitation, actor=self.actor, consent=sent["consent"])
        context = {**self.get_serializer_context(), "policy_class": None}
        return Response(MembershipSerializer(membership, context=context).data, status=status.HTTP_201_CREATED)
