"""What is sent and shown in JSON about the life of an agreement: notices, proposals, steps, survivors, an exit."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from portal.kit.api import Input
from projects.agreements.actions.life.ending import BY_CONSENT
from projects.agreements.actions.life.leaving import NOTICE
from projects.agreements.forms.life import EARLIEST, ENDS, GROUNDS, LATEST


class DayField(serializers.DateField):
    """A calendar day of a year with four digits that people may mean."""

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("invalid", format="YYYY-MM-DD")
        return day


class LifeReasonInput(Input):
    reason = serializers.CharField(max_length=2000, help_text="All parties read it, and it is kept.")


class WithdrawalInput(LifeReasonInput):
    ground = serializers.ChoiceField(
        GROUNDS, required=False, default=NOTICE, help_text="Others than notice where the text names them."
    )
    tasks = serializers.ListField(
        child=serializers.CharField(max_length=500), required=False, default=list, max_length=50,
        help_text="What is handed over, one line each.",
    )  # fmt: skip


class SuspensionInput(LifeReasonInput):
    until = DayField(required=False, default=None, allow_null=True)


class BreachInput(LifeReasonInput):
    about = serializers.CharField(max_length=32, help_text="Reference of the agency in breach.")


class TerminationInput(LifeReasonInput):
    on = DayField(required=False, default=None, allow_null=True, help_text="The last day; today when it is left out.")
    ground = serializers.ChoiceField(ENDS, required=False, default=BY_CONSENT)


class RenewalInput(LifeReasonInput):
    years = serializers.IntegerField(min_value=1, max_value=30, required=False, default=None, allow_null=True)


class LifeStepInput(Input):
    step = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Its number.")


class LifeStepReasonInput(LifeStepInput):
    reason = serializers.CharField(max_length=2000)


class EndPartInput(LifeStepReasonInput):
    on = DayField(required=False, default=None, allow_null=True, help_text="The last day; today when it is left out.")


class HandoverInput(Input):
    handover = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Its id.")


class StepAnswerSerializer(serializers.Serializer):
    party = serializers.CharField(source="party.agency.ref")
    consents = serializers.BooleanField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class HandoverSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    words = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    done_for = serializers.CharField(source="done_for.ref", default=None, allow_null=True)


class LifeStepSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    status = serializers.CharField()
    agency = serializers.CharField(source="agency.ref")
    about = serializers.CharField(source="about.agency.ref", default=None, allow_null=True)
    reason = serializers.CharField()
    clause = serializers.CharField(source="source")
    given_at = serializers.DateTimeField()
    takes_effect_on = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    new_last_day = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answers = StepAnswerSerializer(many=True, source="consents.all")
    handovers = HandoverSerializer(many=True, source="handovers.all")


class SurvivorSerializer(serializers.Serializer):
    code = serializers.CharField()
    number = serializers.IntegerField()
    heading = serializers.CharField()
    what = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    counted = serializers.CharField(help_text="From which day it is counted, while that day is not known.")


class AgreementLifeSerializer(serializers.Serializer):
    in_force_on = serializers.DateField()
    last_day = serializers.DateField(allow_null=True)
    over_at = serializers.DateTimeField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    bound = serializers.ListField(child=serializers.CharField())
    left = serializers.DictField(child=serializers.DateField())
    steps = LifeStepSerializer(many=True)
    survivors = SurvivorSerializer(many=True)


class ExitLineSerializer(serializers.Serializer):
    what = serializers.CharField()
    until = serializers.DateField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField()


class ExitSerializer(serializers.Serializer):
    party = serializers.CharField(source="party.agency.ref")
    on = serializers.DateField()
    over_at = serializers.DateTimeField()
    earliest = serializers.DateField(allow_null=True)
    goes_on = serializers.BooleanField()
    remaining = serializers.SerializerMethodField()
    ends = ExitLineSerializer(many=True)
    stays = ExitLineSerializer(many=True)
    owed = ExitLineSerializer(many=True)
    survivors = SurvivorSerializer(many=True)
    also = serializers.SerializerMethodField()

    def get_remaining(self, exit_of: Any) -> list[str]:
        return [agency.ref for agency in exit_of.remaining]

    def get_also(self, exit_of: Any) -> list[str]:
        return [agreement.ref for agreement in exit_of.also]


class ExitQuery(Input):
    party = serializers.CharField(max_length=32)
    on = DayField(required=False, default=None, allow_null=True)
