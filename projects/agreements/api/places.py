"""Places under a text in JSON: the plan of signing, who is named, whose turn it is, and the verbs about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import reauthentication
from portal.kit.api import Door, Input, if_match, verb
from projects.agreements import actions
from projects.agreements.api.signing import ProofInput
from projects.agreements.models import Agreement, SlotRole
from projects.agreements.models.slot import MOST_ORDERS, MOST_SIGNERS
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.call import REMIND_DAYS, Terms, call_of, running_call, usual_terms
from projects.agreements.signing.places import Place, State, open_order, planned_places, turn_words
from projects.agreements.signing.trail import order_changes, trail_of

SHA256 = r"^[0-9a-f]{64}$"


class OrderField(serializers.IntegerField):
    """Equal numbers are asked together."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MOST_ORDERS, **kwargs)


class PlanLineInput(Input):
    agency = serializers.CharField(max_length=32, help_text="Reference or acronym of a party.")
    role = serializers.ChoiceField(SlotRole.choices)
    order = OrderField(default=1)
    needed = serializers.IntegerField(min_value=1, max_value=MOST_SIGNERS, default=1, help_text="Persons who sign.")


class PlanInput(Input):
    lines = PlanLineInput(many=True, help_text="The whole plan; a party without a line for signing signs in order 1.")
    reason = serializers.CharField(
        max_length=2000, required=False, default="", help_text="Asked under a frozen text, where only orders change."
    )


class NameInput(Input):
    role = serializers.ChoiceField(SlotRole.choices, default=SlotRole.SIGNER)
    order = OrderField(default=1)
    persons = serializers.ListField(
        child=serializers.CharField(max_length=32), max_length=100,
        help_text="Memberships of your agency; none means whoever of it may do it.",
    )  # fmt: skip
    before = serializers.ListField(
        child=serializers.CharField(max_length=32), max_length=100, required=False, default=None, allow_null=True,
        help_text="Memberships that you read as named; others by now are refused with 409.",
    )  # fmt: skip
    reason = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Needed where somebody who is named is no longer; all parties read it.",
    )  # fmt: skip


class HandOverInput(Input):
    successor = serializers.CharField(max_length=32, help_text="A membership of your agency.")
    reason = serializers.CharField(max_length=500)
    role = serializers.ChoiceField(SlotRole.choices, required=False, default="")
    order = OrderField(required=False, default=None, allow_null=True)


class EndorseInput(Input):
    sha256 = serializers.RegexField(SHA256, help_text="Of the frozen text as you read it.")


class ApproveInput(EndorseInput, ProofInput):
    """The text as you read it, and that it is you."""


class ExtendInput(Input):
    sign_by = serializers.DateField(allow_null=True, help_text="The last day at the depositary; null for none.")


class FreezeInput(Input):
    sign_by = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="The last day at the depositary; four weeks unless said, null for none.",
    )
    remind_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=365), max_length=10, required=False,
        help_text="So many days before; 7, 3 and 1 unless said.",
    )  # fmt: skip
    may_hand_over = serializers.BooleanField(required=False, default=True)


class PlaceSerializer(serializers.Serializer):
    """One place; persons are named by their uid."""

    agency = serializers.CharField(source="agency.ref")
    role = serializers.ChoiceField(SlotRole.choices)
    order = serializers.IntegerField()
    needed = serializers.IntegerField()
    done = serializers.IntegerField()
    state = serializers.ChoiceField([(state.value, state.value) for state in State])
    persons = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    endorsed_at = serializers.DateTimeField(allow_null=True)

    def get_persons(self, place: Place) -> list[str]:
        return [str(row.person.uid) for row in place.persons]

    def get_evidence(self, place: Place) -> list[str]:
        return [row.evidence_sha256 for row in place.signatures]


class OrderChangeSerializer(serializers.Serializer):
    """Why the order of a frozen text was changed."""

    text_number = serializers.IntegerField(source="text.number")
    agency = serializers.CharField(source="agency.ref")
    person = serializers.CharField(source="person.uid")
    at = serializers.DateTimeField()
    reason = serializers.CharField(source="words")


class NamingSerializer(serializers.Serializer):
    """One naming of the trail, over or not."""

    agency = serializers.CharField(source="slot.agency.ref")
    role = serializers.ChoiceField(SlotRole.choices, source="slot.role")
    order = serializers.IntegerField(source="slot.order")
    person = serializers.CharField(source="person.uid")
    named_at = serializers.DateTimeField()
    named_by = serializers.CharField(source="named_by.uid")
    reason = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField(source="ended_by.uid", default=None)
    ended_why = serializers.CharField()


class SigningSerializer(serializers.Serializer):
    """Whose turn it is, and by when."""

    open_order = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(help_text="Whom the text waits for; empty while it is open.")
    sign_by = serializers.DateField(allow_null=True)
    over_at = serializers.DateTimeField(allow_null=True)
    lapsed_at = serializers.DateTimeField(allow_null=True)
    remind_days = serializers.ListField(child=serializers.IntegerField())
    may_hand_over = serializers.BooleanField()
    places = PlaceSerializer(many=True)
    trail = NamingSerializer(many=True)
    order_changes = OrderChangeSerializer(many=True)


class Signing(Door):
    """The plan of signing and where it stands."""

    @extend_schema(responses=SigningSerializer)
    def get(self, request: Request, ref: str) -> Response:
        agreement = get_object_or_404(Agreement.objects.visible_to(self.actor).for_pages(), ref=ref)
        policy = AgreementPolicy(self.actor, agreement)
        policy.require_party()
        places = policy.places if agreement.is_frozen else planned_places(agreement)
        # Whoever joins what is in force already has no last day.
        asked, call = call_of(agreement), running_call(agreement)
        shown = {
            "open_order": open_order(places) if agreement.is_frozen else None,
            "words": turn_words(places) if agreement.is_frozen else "",
            "sign_by": call.sign_by if call else None,
            "over_at": call.over_at if call else None,
            "lapsed_at": call.lapsed_at if call else None,
            "remind_days": call.remind_days if call else [],
            "may_hand_over": asked.may_hand_over if asked else True,
            "places": places,
            "trail": trail_of(agreement),
            "order_changes": order_changes(agreement),
        }
        return Response(SigningSerializer(shown).data)


class PlaceVerbs:
    """The verbs of places; mixed into the collection of agreements."""

    actor: Any
    request: Any
    _again: Any

    @verb(FreezeInput)
    def freeze(self, agreement: Agreement, **asked: Any) -> Agreement:
        """Fix the text that every party agreed to, and call for signatures."""
        day = asked["sign_by"] if "sign_by" in asked else usual_terms(agreement).sign_by
        terms = Terms(day, tuple(asked.get("remind_days", REMIND_DAYS)), asked["may_hand_over"])
        return self._again(actions.freeze(agreement, actor=self.actor, terms=terms))

    @verb(PlanInput)
    def plan_signing(self, agreement: Agreement, *, lines: list[dict[str, Any]], reason: str) -> Agreement:
        """Say who signs, approves, confirms and receives, and in which order; with If-Match against lost changes."""
        version = if_match(self.request)
        planned = actions.plan_signing(agreement, actor=self.actor, lines=lines, reason=reason, version=version)
        return self._again(planned)

    @verb(NameInput)
    def name_signatories(self, agreement: Agreement, **named: Any) -> Agreement:
        """Name or replace who fills a place of your agency."""
        actions.name_signatories(agreement, actor=self.actor, **named)
        return self._again(agreement)

    @verb(HandOverInput, scope="sign")
    def hand_over(self, agreement: Agreement, **chosen: Any) -> Agreement:
        """Hand the place in which you are named over to a colleague."""
        actions.hand_over(agreement, actor=self.actor, **chosen)
        return self._again(agreement)

    @verb(ApproveInput, scope="sign")
    def approve_for_signing(self, agreement: Agreement, *, sha256: str, password: str, code: str) -> Agreement:
        """Approve the frozen text, so that those of the next order can sign, proving again who you are."""
        AgreementPolicy(self.actor, self._again(agreement)).require("approve_for_signing")
        proof = reauthentication.prove(self.request, password=password, code=code)
        actions.approve_for_signing(agreement, actor=self.actor, sha256=sha256, proof=proof)
        return self._again(agreement)

    @verb(EndorseInput)
    def confirm_seen(self, agreement: Agreement, *, sha256: str) -> Agreement:
        """Confirm having seen the frozen text."""
        actions.confirm_seen(agreement, actor=self.actor, sha256=sha256)
        return self._again(agreement)

    @verb(ExtendInput)
    def extend_signing(self, agreement: Agreement, *, sign_by: date | None) -> Agreement:
        """Name another day, or none, by which the text is to be signed."""
        return self._again(actions.extend_signing(agreement, actor=self.actor, sign_by=sign_by))
