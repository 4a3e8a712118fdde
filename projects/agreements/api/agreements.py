"""The JSON door of agreements."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import CharFilter, FilterSet
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency, InstrumentKind
from portal.kit.actors import Actor
from portal.kit.api import Collection, Door, Input, RecordSerializer, verb
from projects.agreements import actions
from projects.agreements.api.changes import ChangeVerbs
from projects.agreements.api.drafting import DraftingVerbs
from projects.agreements.api.force import ForceVerbs
from projects.agreements.api.life import LifeVerbs
from projects.agreements.api.outside import OutsideVerbs
from projects.agreements.api.parties import PartySerializer, PartyVerbs
from projects.agreements.api.places import PlaceVerbs
from projects.agreements.api.signing import SHA256, SignatureSerializer, SigningVerbs
from projects.agreements.api.tree import TreeVerbs
from projects.agreements.document import current_document
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy
from projects.agreements.umbrella import keep_umbrellas, umbrella_of
from projects.models import Project


class UmbrellaSerializer(serializers.Serializer):
    """A suspended instrument that this one rests on; this one stays as it is."""

    ref = serializers.CharField()
    since = serializers.DateTimeField()


class AgreementSerializer(RecordSerializer):
    project = serializers.CharField(source="project.ref")
    drafter = serializers.CharField(source="drafter.ref")
    depositary = serializers.CharField(source="depositary.ref")
    parent = serializers.CharField(source="parent.ref", default=None)  # type: ignore[assignment]  # a field of the document
    newcomer = serializers.CharField(source="newcomer.ref", default=None)
    text_sha256 = serializers.CharField(source="text.sha256", default=None)
    text_number = serializers.IntegerField(source="text.number", default=None)
    round = serializers.IntegerField(allow_null=True, help_text="Of the negotiation; parties alone know it.")
    parties = PartySerializer(many=True, source="party_list")
    signatures = serializers.SerializerMethodField()
    suspended_umbrella = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = [
            "ref", "kind", "title", "status", "project", "parent", "newcomer", "drafter", "depositary", "language",
            "languages", "revision", "round", "parties", "text_sha256", "text_number", "signatures", "in_force_on",
            "ends_on", "ended_on", "suspended_umbrella", "decline_reason", "version", "created_at", "updated_at", "verbs",
        ]  # fmt: skip

    def to_representation(self, agreement: Agreement) -> dict[str, Any]:
        """SECURITY: who reads the text without being a party learns nothing of how it is negotiated."""
        shown = super().to_representation(agreement)
        if agreement.party_of(self.context["actor"].agency_id) is None:
            shown |= {"round": None, "decline_reason": ""}
            shown["parties"] = [{**party, "agreed_sha256": "", "agreed_at": None} for party in shown["parties"]]
        return shown

    @extend_schema(responses=SignatureSerializer(many=True))
    def get_signatures(self, agreement: Agreement) -> list[Any]:
        """Those under the present text, oldest first; one that was taken back is among them and says so."""
        if agreement.text_id is None:
            return []
        shown = [row for row in agreement.signatures.all() if row.text_id == agreement.text_id]
        return list(SignatureSerializer(shown, many=True).data)

    @extend_schema(responses=UmbrellaSerializer(allow_null=True))
    def get_suspended_umbrella(self, agreement: Agreement) -> Any:
        known = agreement.__dict__
        umbrella = known["umbrella"] if "umbrella" in known else umbrella_of(agreement, self.context["actor"])
        return UmbrellaSerializer(umbrella).data if umbrella is not None else None


class DraftInput(Input):
    project = serializers.CharField(max_length=32)
    title = serializers.CharField(max_length=200)
    kind = serializers.CharField(max_length=24, required=False, help_text="An IP-sharing agreement unless it is said.")
    under = serializers.CharField(max_length=32, required=False, help_text="Reference of the umbrella it stands under.")
    profile = serializers.DictField(
        required=False, help_text="Answers to questions of the clause profile; the rest take their defaults."
    )
    parties = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, help_text="References of agencies."
    )


class AgreeInput(Input):
    sha256 = serializers.RegexField(SHA256, help_text="Of the text as you read it.")


class AgreementReasonInput(Input):
    reason = serializers.CharField(max_length=2000)


class AgreementFilters(FilterSet):
    project = CharFilter("project__ref", help_text="Reference of a project.")

    class Meta:
        model = Agreement
        fields = ["status", "kind", "project"]


class Agreements(
    PlaceVerbs, SigningVerbs, OutsideVerbs, ChangeVerbs, ForceVerbs, LifeVerbs, PartyVerbs, TreeVerbs, DraftingVerbs,
    Collection,
):  # fmt: skip
    """Agreements between agencies: drafted from the clause library, agreed, frozen, signed, in force."""

    serializer_class = AgreementSerializer
    policy_class = AgreementPolicy
    filterset_class = AgreementFilters

    def visible(self, actor: Actor) -> QuerySet:
        return Agreement.objects.visible_to(actor).for_pages()

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        keep_umbrellas(rows or [], self.actor)
        return rows

    @extend_schema(request=DraftInput, responses={201: AgreementSerializer})
    def create(self, request: Request) -> Response:
        """Draft an agreement for a project."""
        sent = self.read(DraftInput)
        project = get_object_or_404(Project.objects.inside_for(self.actor), ref=sent["project"])
        parties = None
        if "parties" in sent:
            parties = list(Agency.objects.visible_to(self.actor).filter(ref__in=sent["parties"]))
        parent = None
        if "under" in sent:
            visible = Agreement.objects.visible_to(self.actor).select_related("depositary").with_parties()
            parent = get_object_or_404(visible, ref=sent["under"])
        drafted = actions.draft_agreement(
            project, actor=self.actor, title=sent["title"], answers=sent.get("profile"), parties=parties, parent=parent,
            kind=sent.get("kind", InstrumentKind.IP_SHARING),
        )  # fmt: skip
        return self.created(self._again(drafted))

    def _again(self, agreement: Agreement) -> Agreement:
        return self.visible(self.actor).get(pk=agreement.pk)

    @verb()
    def share(self, agreement: Agreement) -> Agreement:
        """Show the draft to the other parties."""
        return self._again(actions.share(agreement, actor=self.actor))

    @verb(AgreeInput)
    def agree_to_text(self, agreement: Agreement, *, sha256: str) -> Agreement:
        """Say for your agency: we agree to this text."""
        return self._again(actions.agree_to_text(agreement, actor=self.actor, sha256=sha256))

    @verb(AgreementReasonInput)
    def reopen(self, agreement: Agreement, *, reason: str) -> Agreement:
        """Return to negotiation; signatures under the frozen text stop counting."""
        return self._again(actions.reopen(agreement, actor=self.actor, reason=reason))

    @verb()
    def abandon(self, agreement: Agreement) -> Agreement:
        """Give the agreement up for good."""
        return self._again(actions.abandon(agreement, actor=self.actor))


class Text(Door):
    """The text of an agreement: frozen if it is, as it stands if not, with its hash."""

    @extend_schema(
        responses=inline_serializer(
            "AgreementText", {"sha256": serializers.CharField(), "document": serializers.DictField()}
        )
    )
    def get(self, request: Request, ref: str) -> Response:
        agreement = get_object_or_404(Agreement.objects.visible_to(self.actor).for_pages(), ref=ref)
        policy = AgreementPolicy(self.actor, agreement)
        return Response({"sha256": policy.current_hash, "document": current_document(agreement)})
