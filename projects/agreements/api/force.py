"""Entry into force in JSON: the rule, where it stands, the acts of the parties and the depositary's confirmation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.api import Door, Input, if_match, verb
from projects.agreements import actions
from projects.agreements.entry.current import acronyms_of, clause_words, rule_of, unconfirmed_of
from projects.agreements.entry.evaluating import Missing
from projects.agreements.entry.facts import PartyFacts
from projects.agreements.entry.grammar import to_json
from projects.agreements.entry.missing import missing_in_words
from projects.agreements.entry.provisional import provisional_of
from projects.agreements.models import ActKind, Agreement, Party
from projects.agreements.policies import AgreementPolicy


class ShareField(serializers.DecimalField):
    """Percent, as the share of a party is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=4, **kwargs)


class ActInput(Input):
    kind = serializers.ChoiceField(ActKind.choices)
    done_on = serializers.DateField(help_text="The day of the act itself; it counts from the moment it is recorded.")
    reference = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    words = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class EntryRuleInput(Input):
    answers = serializers.DictField(
        required=False, default=dict, help_text="Answers of the profile whose names begin with entry_."
    )
    rule = serializers.DictField(required=False, default=None, allow_null=True, help_text="A rule of the parties' own.")
    shares = serializers.DictField(
        child=ShareField(allow_null=True), required=False, default=dict,
        help_text="Percent by reference of party.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.values()):
            raise serializers.ValidationError({"answers": [_("Give answers, a rule or shares.")]})
        return attrs


class DeedSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    evidence = serializers.CharField()


class PartyStandingSerializer(serializers.Serializer):
    agency = serializers.CharField()
    share = ShareField(allow_null=True)
    signed = DeedSerializer(allow_null=True)
    acts = serializers.DictField(child=DeedSerializer())
    bound_since = serializers.DateField(allow_null=True)


class MissingSerializer(serializers.Serializer):
    """Something still to come: signatures or acts of parties, a day, or one of several choices of these."""

    kind = serializers.CharField()
    parties = serializers.ListField(child=serializers.CharField())
    count = serializers.IntegerField(allow_null=True)
    percent = serializers.CharField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    choices = serializers.ListField(child=serializers.ListField(child=serializers.DictField()))


class ProvisionalSerializer(serializers.Serializer):
    """Applied between the parties that have signed, pending the entry into force: words of the text, no clock of the portal."""

    since = serializers.DateField(allow_null=True, help_text="The first day on which two parties apply it.")
    until = serializers.DateField(allow_null=True, help_text="The day of the entry into force, which ends it.")
    parties = serializers.DictField(child=serializers.DateField(), help_text="From which day each party applies it.")


class StandingSerializer(serializers.Serializer):
    """Where the rule of entry into force stands; the depositary confirms the day, nobody else sets it."""

    rule = serializers.DictField()
    clause = serializers.CharField(help_text="The rule as an English clause says it.")
    is_satisfied = serializers.BooleanField()
    day = serializers.DateField(allow_null=True)
    earliest = serializers.DateField(allow_null=True)
    missing = MissingSerializer(many=True)
    words = serializers.ListField(child=serializers.CharField(), help_text="What is missing, in words.")
    evidence = serializers.ListField(child=serializers.CharField())
    in_force_on = serializers.DateField(allow_null=True)
    provisional = ProvisionalSerializer(allow_null=True, help_text="Null for a text that is not applied provisionally.")
    parties = PartyStandingSerializer(many=True)


class Force(Door):
    """Where the rule of entry into force stands."""

    @extend_schema(responses=StandingSerializer)
    def get(self, request: Request, ref: str) -> Response:
        agreement = get_object_or_404(Agreement.objects.visible_to(self.actor).for_pages(), ref=ref)
        policy = AgreementPolicy(self.actor, agreement)
        standing = policy.standing
        shown = {
            "rule": to_json(rule_of(agreement)),
            "clause": clause_words(agreement),
            "is_satisfied": standing.is_satisfied,
            "day": standing.day,
            "earliest": standing.earliest,
            "missing": [_missing(one) for one in standing.missing],
            "words": missing_in_words(standing.missing, acronyms_of(agreement), unconfirmed_of(agreement)),
            "evidence": [number for number in standing.evidence if number],
            "in_force_on": agreement.in_force_on,
            "provisional": provisional_of(agreement, policy.facts),
            "parties": [
                _party(party, told) for party, told in zip(agreement.party_list, policy.facts.parties, strict=True)
            ],
        }
        return Response(StandingSerializer(shown).data)


class ForceVerbs:
    """Verbs of the collection of agreements."""

    actor: Any
    request: Any
    _again: Any

    @verb(EntryRuleInput)
    def set_entry_rule(
        self,
        agreement: Agreement,
        *,
        answers: dict[str, Any],
        rule: dict[str, Any] | None,
        shares: dict[str, Decimal | None],
    ) -> Agreement:
        """Say when the agreement enters into force; the text follows."""
        version = if_match(self.request)
        return self._again(
            actions.set_entry_rule(
                agreement, actor=self.actor, answers=answers, rule=rule, shares=shares, version=version
            )
        )

    @verb(ActInput)
    def record_act(self, agreement: Agreement, *, kind: str, done_on: date, reference: str, words: str) -> Agreement:
        """Record an act of your agency that the rule asks for."""
        return self._again(
            actions.record_act(
                agreement, actor=self.actor, kind=kind, done_on=done_on, reference=reference, words=words
            )
        )

    @verb()
    def enter_into_force(self, agreement: Agreement) -> Agreement:
        """Confirm the entry into force, as depositary."""
        return self._again(actions.enter_into_force(agreement, actor=self.actor))


def _party(party: Party, told: PartyFacts) -> dict[str, Any]:
    return {
        "agency": told.ref,
        "share": told.share,
        "signed": told.signed,
        "acts": dict(told.acts),
        "bound_since": party.in_force_on,
    }


def _missing(one: Missing) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "parties": list(one.refs),
        "count": one.count,
        "percent": None if one.percent is None else f"{one.percent:f}",
        "until": one.until,
        "choices": [[_missing(part) for part in choice] for choice in one.choices],
    }
