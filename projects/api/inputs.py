"""What clients send about projects; the serializers only parse."""

from __future__ import annotations

from rest_framework import serializers

from agencies import taxonomy
from agencies.models import Marking
from portal.kit.api import Input
from projects.models import Answer, Audience, Destination, Mode


class TermsInput(Input):
    """The material terms of a project."""

    title = serializers.CharField(max_length=160)
    summary = serializers.CharField(max_length=600, required=False, allow_blank=True)
    objective = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    destination = serializers.ChoiceField(choices=Destination.choices, required=False, allow_blank=True)
    taxonomy = serializers.ListField(
        child=serializers.ChoiceField(choices=taxonomy.choices()), required=False, max_length=20
    )
    planned_start = serializers.DateField(required=False, allow_null=True)
    planned_end = serializers.DateField(required=False, allow_null=True)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    marking = serializers.ChoiceField(choices=Marking.choices, required=False)


class ChangedTermsInput(TermsInput):
    """Those terms that change."""

    title = serializers.CharField(max_length=160, required=False)


class AgencyInput(Input):
    """One agency, by its reference."""

    agency = serializers.CharField(max_length=32)


class AnswerInput(Input):
    """The answer of the acting agency; `terms_number` says which terms it has read."""

    answer = serializers.ChoiceField(choices=Answer.choices)
    condition = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    terms_number = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class ReasonInput(Input):
    reason = serializers.CharField(max_length=600, required=False, allow_blank=True)


class NeededReasonInput(Input):
    reason = serializers.CharField(max_length=600)


class CauseInput(Input):
    cause = serializers.CharField(max_length=600)


class NoteInput(Input):
    note = serializers.CharField(max_length=600, required=False, allow_blank=True)


class LeaveInput(Input):
    on = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class TeamInput(Input):
    """The whole team of the acting agency, by the references of the memberships."""

    members = serializers.ListField(child=serializers.CharField(max_length=32), max_length=500)
