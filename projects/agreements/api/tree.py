"""An agreement among others in JSON: amending it, acceding to it, what it stands under, and the text in force on a day."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.api import Door, Input, if_match, verb
from projects.agreements import actions
from projects.agreements.consolidation import text_in_force
from projects.agreements.models import Agreement

SHA256 = r"^[0-9a-f]{64}$"


class AmendInput(Input):
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class AccessionInput(Input):
    newcomer = serializers.CharField(max_length=32, help_text="Reference of an agency that has accepted the project.")
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class PlaceInput(Input):
    parent = serializers.CharField(  # type: ignore[assignment]  # a field of the document, not the serializer above
        max_length=32, allow_null=True, help_text="Reference of the agreement above, or null to stand alone."
    )


class BeneficiaryInput(Input):
    agency = serializers.CharField(max_length=32, help_text="Reference of an agency that is no party.")
    code = serializers.SlugField(max_length=60, help_text="Of the clause on which it may rely.")


class NamedInput(BeneficiaryInput):
    words = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ConsentInput(Input):
    sha256 = serializers.RegexField(SHA256, help_text="Of the amendment as you read it.")


class DayInput(Input):
    on = serializers.DateField(required=False, default=None, allow_null=True)


class SourceSerializer(serializers.Serializer):
    ref = serializers.CharField()
    title = serializers.CharField()
    since = serializers.DateField()


class ClauseInForceSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    code = serializers.CharField()
    heading = serializers.CharField()
    text = serializers.CharField()
    source = SourceSerializer()  # type: ignore[assignment]  # a field of the document


class InForceSerializer(serializers.Serializer):
    """The text that counts on a day; `sha256` is that of the frozen text that contains all of it."""

    on = serializers.DateField()
    sha256 = serializers.CharField()
    profile = serializers.DictField()
    clauses = ClauseInForceSerializer(many=True)
    annexes = serializers.ListField(child=serializers.DictField())
    sources = SourceSerializer(many=True)


class TreeVerbs:
    """What can be begun from an agreement, and what links it to others."""

    actor: Actor
    request: Any
    _again: Any

    @verb(AmendInput)
    def amend(self, agreement: Agreement, *, title: str) -> Agreement:
        """Draft an amendment; it is returned."""
        return self._again(actions.draft_amendment(agreement, actor=self.actor, title=title))

    @verb(AccessionInput)
    def open_accession(self, agreement: Agreement, *, newcomer: str, title: str) -> Agreement:
        """Draft the instrument by which another agency accedes; it is returned."""
        agency = get_object_or_404(Agency.objects.visible_to(self.actor), ref=newcomer)
        return self._again(actions.draft_accession(agreement, actor=self.actor, newcomer=agency, title=title))

    @verb(PlaceInput)
    def place_under(self, agreement: Agreement, *, parent: str | None) -> Agreement:
        """Say under which instrument a draft stands."""
        above = None
        if parent is not None:
            visible = Agreement.objects.visible_to(self.actor).with_parties().select_related("parent")
            above = get_object_or_404(visible, ref=parent)
        version = if_match(self.request)
        return self._again(actions.place_under(agreement, actor=self.actor, parent=above, version=version))

    @verb(NamedInput)
    def name_beneficiary(self, agreement: Agreement, *, agency: str, code: str, words: str) -> Agreement:
        """Name an agency that may rely on a clause without being a party."""
        named = get_object_or_404(Agency.objects.visible_to(self.actor), ref=agency)
        return self._again(actions.name_beneficiary(agreement, actor=self.actor, agency=named, code=code, words=words))

    @verb(BeneficiaryInput, rule="name_beneficiary")
    def drop_beneficiary(self, agreement: Agreement, *, agency: str, code: str) -> Agreement:
        """Take a third party out of the annex."""
        named = get_object_or_404(Agency.objects.visible_to(self.actor), ref=agency)
        return self._again(actions.drop_beneficiary(agreement, actor=self.actor, agency=named, code=code))

    @verb()
    def catch_up(self, agreement: Agreement) -> Agreement:
        """Take into an open amendment what was amended meanwhile."""
        return self._again(actions.catch_up(agreement, actor=self.actor))

    @verb(ConsentInput)
    def consent_to_amendment(self, agreement: Agreement, *, sha256: str) -> Agreement:
        """Consent, as a third party, to an amendment of a clause on which your agency may rely."""
        return self._again(actions.consent_to_amendment(agreement, actor=self.actor, sha256=sha256))


class InForce(Door):
    """The text in force on a day, each clause with the instrument that set it."""

    @extend_schema(
        parameters=[OpenApiParameter("on", str, description="YYYY-MM-DD; today at the depositary's seat by default.")],
        responses=InForceSerializer,
    )
    def get(self, request: Request, ref: str) -> Response:
        visible = Agreement.objects.visible_to(self.actor).effective().select_related("text", "depositary")
        agreement = get_object_or_404(visible, ref=ref)
        asked = DayInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        on = asked.validated_data["on"] or agreement.depositary.local().date()
        text = text_in_force(agreement, on)
        shown = {
            "on": on, "sha256": text.sha256, "profile": text.profile, "clauses": text.clauses,
            "annexes": text.annexes, "sources": text.sources,
        }  # fmt: skip
        return Response(InForceSerializer(shown).data)
