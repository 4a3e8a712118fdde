"""Authority to sign, as JSON."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import actions
from agencies.api.inputs import MandateInput
from agencies.api.memberships import PersonSerializer
from agencies.api.proving import acting_agency, proof_of
from agencies.models import Mandate, Membership
from agencies.policies import AgencyPolicy, MandatePolicy
from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordSerializer, verb


class MandateSerializer(RecordSerializer):
    """A mandate; it holds from `begins_at` up to, not including, `over_at`."""

    person = PersonSerializer(read_only=True)
    agency: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)
    granted_by: Any = serializers.SlugRelatedField(slug_field="uid", read_only=True)
    source_sha256 = serializers.CharField(source="source_file.sha256", default=None, read_only=True)
    is_live = serializers.BooleanField(read_only=True)

    class Meta:
        model = Mandate
        fields = [
            "ref", "person", "agency", "kinds", "project", "value_limit", "currency", "cosignature", "source_note",
            "source_sha256", "starts_on", "ends_on", "begins_at", "over_at", "is_live", "granted_by", "revoked_at", "version",
            "created_at", "updated_at", "verbs",
        ]  # fmt: skip


class Mandates(Collection):
    """The mandates of the agency one acts for."""

    queryset = Mandate.objects.none()
    serializer_class = MandateSerializer
    policy_class = MandatePolicy

    def visible(self, actor: Actor) -> QuerySet[Mandate]:
        return Mandate.objects.visible_to(actor).select_related("person", "agency", "granted_by", "source_file")

    @extend_schema(request=MandateInput, responses={201: MandateSerializer})
    def create(self, request: Request) -> Response:
        """Give a signatory the authority to sign, proving again who you are."""
        agency = acting_agency(self.actor)
        AgencyPolicy(self.actor, agency).require("grant_mandate")
        sent = self.read(MandateInput)
        holder = Membership.objects.visible_to(self.actor).select_related("person").filter(ref=sent.pop("membership"))
        membership = holder.first()
        if membership is None:
            raise serializers.ValidationError({"membership": [_("Choose a signatory of your agency.")]})
        proof = proof_of(request, sent)
        return self.created(
            actions.grant_mandate(agency, actor=self.actor, proof=proof, person=membership.person, **sent)
        )

    @verb()
    def revoke(self, mandate: Mandate) -> Mandate:
        """Take the authority back; signatures that were made stay valid."""
        return actions.revoke_mandate(mandate, actor=self.actor)
