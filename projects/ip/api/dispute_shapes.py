"""How the API shows disputes, exhibits, and the room that is kept apart."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.kit.api import RecordSerializer
from projects.ip.models import (
    Dispute,
    DisputeLevel,
    DisputeParty,
    DisputeStatus,
    Exhibit,
    Representative,
    SettlementConsent,
    SettlementText,
    WithoutPrejudiceMessage,
)


class DisputePartySerializer(serializers.ModelSerializer):
    """An agency in a dispute, and what it answered."""

    agency = serializers.CharField(source="agency.ref", read_only=True)

    class Meta:
        model = DisputeParty
        fields = ["agency", "agency_name", "side", "answer", "answered_at"]


class LevelEndSerializer(serializers.Serializer):
    """When a level ends at the seat of a party."""

    agency = serializers.CharField()
    last_day = serializers.DateField()
    ends_at = serializers.DateTimeField()


class DisputeLevelSerializer(serializers.ModelSerializer):
    """A level with its time; it ends when it has ended for every party."""

    ends = LevelEndSerializer(many=True)

    class Meta:
        model = DisputeLevel
        fields = ["status", "days", "starts_at", "due_at", "ends"]


class RepresentativeSerializer(serializers.ModelSerializer):
    """Who speaks for an agency at a level."""

    agency = serializers.CharField(source="agency.ref", read_only=True)

    class Meta:
        model = Representative
        fields = ["level", "agency", "person_name", "named_at"]


class SettledSerializer(serializers.ModelSerializer):
    """The text that every side has agreed to."""

    class Meta:
        model = SettlementText
        fields = ["number", "terms", "sha256"]


class DisputeSerializer(RecordSerializer):
    """A dispute as its page shows it; `status` is where it stands by the clock."""

    project = serializers.CharField(source="project.ref", read_only=True)
    opened_by = serializers.CharField(source="opened_by.ref", read_only=True)
    status = serializers.ChoiceField(source="current", choices=DisputeStatus.choices, read_only=True)
    parties = DisputePartySerializer(many=True, read_only=True)
    levels = DisputeLevelSerializer(many=True, read_only=True)
    representatives = RepresentativeSerializer(many=True, read_only=True)
    due_at = serializers.DateTimeField(read_only=True, allow_null=True)
    settlement = SettledSerializer(read_only=True, allow_null=True)
    decision = serializers.SerializerMethodField()

    class Meta:
        model = Dispute
        fields = [
            "ref", "version", "project", "kind", "status", "due_at", "opened_by", "opened_at", "subject_kind",
            "subject_ref", "clause", "claim", "sought", "agreement", "day_basis", "final_step", "seat", "parties",
            "levels", "representatives", "neutral", "appointed_at", "ended_at", "end_reason", "settlement", "tribunal",
            "decided_on", "decision", "created_at", "updated_at", "verbs",
        ]  # fmt: skip

    def to_representation(self, dispute: Dispute) -> dict[str, Any]:
        """SECURITY: what was said to settle it is between both sides, the terms that they agreed to included."""
        shown: dict[str, Any] = super().to_representation(dispute)
        party = dispute.party_of(self.context["actor"].agency_id)
        if party is None or not party.is_at_odds:
            shown["settlement"] = None
        return shown

    @extend_schema_field(serializers.CharField(help_text="SHA-256 of the document."))
    def get_decision(self, dispute: Dispute) -> str:
        return dispute.decision.sha256 if dispute.decision else ""


class ExhibitSerializer(serializers.ModelSerializer):
    """An exhibit; its events and their proofs are in the timeline."""

    agency = serializers.CharField(source="agency.ref", read_only=True)
    file = serializers.CharField(source="file.name", read_only=True, allow_null=True, default=None)
    withdrawn = serializers.SerializerMethodField()

    class Meta:
        model = Exhibit
        fields = [
            "number", "agency", "agency_name", "side", "kind", "source", "sha256", "events", "file", "shows",
            "added_at", "withdrawn",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(help_text="The reason, empty while it stands."))
    def get_withdrawn(self, exhibit: Exhibit) -> str:
        return exhibit.withdrawn.reason if exhibit.withdrawn else ""


class SaidSerializer(serializers.ModelSerializer):
    """Words without prejudice."""

    agency = serializers.CharField(source="agency.ref", read_only=True)

    class Meta:
        model = WithoutPrejudiceMessage
        fields = ["id", "agency", "agency_name", "author_name", "body", "at"]


class SettlementConsentSerializer(serializers.ModelSerializer):
    """A side that agrees to a text."""

    agency = serializers.CharField(source="agency.ref", read_only=True)

    class Meta:
        model = SettlementConsent
        fields = ["agency", "person_name", "at"]


class OfferSerializer(serializers.ModelSerializer):
    """Terms that were offered; the newest are on the table."""

    agency = serializers.CharField(source="agency.ref", read_only=True)
    consents = SettlementConsentSerializer(many=True, read_only=True)

    class Meta:
        model = SettlementText
        fields = ["number", "agency", "terms", "sha256", "at", "consents"]


class RoomSerializer(serializers.Serializer):
    """The room of a dispute that is kept apart from all evidence."""

    messages: Any = SaidSerializer(many=True)
    offers = OfferSerializer(many=True)
