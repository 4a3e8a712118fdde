"""An agreement in force in JSON: its dates, what runs, the verbs of its life, and the exit calculator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.api import Door, require_scope, verb
from projects.agreements import actions
from projects.agreements.api.life_shapes import (
    AgreementLifeSerializer,
    BreachInput,
    EndPartInput,
    ExitQuery,
    ExitSerializer,
    HandoverInput,
    LifeReasonInput,
    LifeStepInput,
    LifeStepReasonInput,
    RenewalInput,
    SuspensionInput,
    TerminationInput,
    WithdrawalInput,
)
from projects.agreements.bound import COMMITTING, bound_parties, kept_steps
from projects.agreements.exit import compute, survivors_of
from projects.agreements.models import Agreement
from projects.agreements.term import last_day_of, over_at


class LifeVerbs:
    """The verbs of an agreement in force, for the collection of agreements."""

    actor: Any
    _again: Any

    @verb(WithdrawalInput, scope="sign")
    def withdraw(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Give notice of withdrawal for your agency; it needs a mandate."""
        return self._lived(actions.withdraw, agreement, **sent)

    @verb(scope="sign")
    def take_back_withdrawal(self, agreement: Agreement) -> Agreement:
        """Take your agency's notice of withdrawal back while it runs."""
        return self._lived(actions.take_back_withdrawal, agreement)

    @verb(SuspensionInput)
    def propose_suspension(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Propose that the agreement rests, until a day or until all resume it."""
        return self._lived(actions.propose_suspension, agreement, **sent)

    @verb(LifeReasonInput)
    def propose_resumption(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Propose that a suspended agreement goes on."""
        return self._lived(actions.propose_resumption, agreement, **sent)

    @verb(BreachInput)
    def give_breach_notice(self, agreement: Agreement, *, about: str, reason: str) -> Agreement:
        """Give a party notice of a breach; the time to cure it begins."""
        parties = {party.agency.ref: party.agency for party in agreement.party_list}
        if about not in parties:
            raise serializers.ValidationError({"about": [_("Not a party of this agreement.")]})
        return self._lived(actions.give_breach_notice, agreement, about=parties[about], reason=reason)

    @verb(TerminationInput, scope="sign")
    def propose_termination(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Propose that the agreement ends for all; it needs a mandate."""
        return self._lived(actions.propose_termination, agreement, **sent)

    @verb(RenewalInput, scope="sign")
    def propose_renewal(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Propose to renew the agreement; it needs a mandate."""
        return self._lived(actions.propose_renewal, agreement, **sent)

    @verb(LifeReasonInput)
    def object_to_renewal(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Object in time to a renewal by itself."""
        return self._lived(actions.object_to_renewal, agreement, **sent)

    @verb(LifeStepInput)
    def consent_to_step(self, agreement: Agreement, *, step: int) -> Agreement:
        """Consent to a proposal for your agency."""
        self._require_scope_for(agreement, step)
        return self._lived(actions.consent_to_step, agreement, step)

    @verb(LifeStepReasonInput)
    def refuse_step(self, agreement: Agreement, *, step: int, reason: str) -> Agreement:
        """Refuse a proposal, with the reason."""
        self._require_scope_for(agreement, step)
        return self._lived(actions.refuse_step, agreement, step, reason=reason)

    @verb(LifeStepInput)
    def take_back_step(self, agreement: Agreement, *, step: int) -> Agreement:
        """Take back what your agency proposed."""
        self._require_scope_for(agreement, step)
        return self._lived(actions.take_back_step, agreement, step)

    @verb(LifeStepInput)
    def declare_cured(self, agreement: Agreement, *, step: int) -> Agreement:
        """Say that the breach of which your agency gave notice is cured."""
        return self._lived(actions.declare_cured, agreement, step)

    @verb(EndPartInput, scope="sign")
    def terminate_for_breach(self, agreement: Agreement, *, step: int, **sent: Any) -> Agreement:
        """Propose, when the time to cure is over, that the party in breach leaves."""
        return self._lived(actions.terminate_for_breach, agreement, step, **sent)

    @verb(HandoverInput)
    def settle_handover(self, agreement: Agreement, *, handover: int) -> Agreement:
        """Say for a party that stays that one thing is handed over."""
        return self._lived(actions.settle_handover, agreement, handover)

    def _require_scope_for(self, agreement: Agreement, number: int) -> None:
        """What commits an agency as its signature does needs a token that may sign."""
        if agreement.life.filter(number=number, kind__in=COMMITTING).exists():
            require_scope(self.actor, "sign")

    def _lived(self, action: Any, agreement: Agreement, *numbers: int, **sent: Any) -> Agreement:
        action(agreement, *numbers, actor=self.actor, **sent)
        again: Agreement = self._again(agreement)
        return again


class Life(Door):
    """The dates of an agreement in force, the steps of its life, and what outlives it; 404 before it is in force."""

    @extend_schema(responses=AgreementLifeSerializer)
    def get(self, request: Request, ref: str) -> Response:
        agreement = effective(self, ref)
        last = last_day_of(agreement).on
        shown = {
            "in_force_on": agreement.in_force_on,
            "last_day": last,
            "over_at": over_at(last) if last else None,
            "ended_on": agreement.ended_on,
            "bound": [party.agency.ref for party in bound_parties(agreement)],
            "left": {party.agency.ref: party.left_on for party in agreement.party_list if party.left_on},
            # SECURITY: notices with their reasons are between the parties.
            "steps": kept_steps(agreement) if agreement.party_of(self.actor.agency_id) is not None else [],
            "survivors": survivors_of(agreement, agreement.ended_on) if agreement.ended_on else [],
        }
        return Response(AgreementLifeSerializer(shown).data)


class Exit(Door):
    """What the leaving of a party means, computed as things stand; it changes nothing."""

    @extend_schema(
        parameters=[OpenApiParameter("party", str, required=True), OpenApiParameter("on", date)],
        responses=ExitSerializer,
    )
    def get(self, request: Request, ref: str) -> Response:
        agreement = effective(self, ref)
        query = ExitQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        party = next((party for party in agreement.party_list if party.agency.ref == asked["party"]), None)
        if party is None:
            raise serializers.ValidationError({"party": [_("Not a party of this agreement.")]})
        return Response(ExitSerializer(compute(agreement, party, reader=self.actor, on=asked["on"])).data)


def effective(door: Door, ref: str) -> Agreement:
    """An agreement the actor may see that is or was in force; Http404."""
    agreement: Agreement = get_object_or_404(Agreement.objects.visible_to(door.actor).for_pages(), ref=ref)
    if not agreement.is_effective:
        raise Http404
    return agreement
