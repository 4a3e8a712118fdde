"""What the JSON door of disclosures reads."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.kit.api import Input
from projects.ip.models import ContributorRole, Decision, Effort, Employer, FilingStatus, Triage
from projects.ip.models.disclosure_choices import Answer
from projects.ip.models.triage import Checked, YesNo


def _text(most: int, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=most, allow_blank=True, **kwargs)


class DisclosurePublicDateInput(Input):
    """A day on which it was or will be public."""

    on = serializers.DateField()
    where = serializers.CharField(max_length=300)


class DisclosureWords(Input):
    """The words of a disclosure; in a PATCH, what is left out stays as it is."""

    title = serializers.CharField(max_length=200)
    abstract = _text(4_000, required=False)
    problem = _text(10_000, required=False)
    novelty = _text(10_000, required=False)
    description = _text(60_000, required=False)
    effort = serializers.ChoiceField(choices=Effort.choices, allow_blank=True, required=False)
    conceived_on = serializers.DateField(allow_null=True, required=False)
    reduced_on = serializers.DateField(allow_null=True, required=False)
    made_in = _text(2, required=False)
    made_element = _text(120, required=False)
    made_registry = _text(2, required=False)
    funding = _text(500, required=False)
    agreement_ref = _text(32, required=False)
    marking = _text(200, required=False)
    filing_days = serializers.IntegerField(min_value=0, max_value=730, required=False)
    background = serializers.ListField(child=serializers.CharField(max_length=32), max_length=200, required=False)
    results = serializers.ListField(child=serializers.CharField(max_length=32), max_length=200, required=False)
    public_dates = serializers.ListField(child=DisclosurePublicDateInput(), max_length=50, required=False)

    def validate_public_dates(self, rows: list[dict[str, Any]]) -> list[tuple[Any, str]]:
        return [(row["on"], row["where"]) for row in rows]


class DisclosureInput(DisclosureWords):
    """A new disclosure in a project."""

    project = serializers.CharField(max_length=32)


class DisclosureContributorInput(Input):
    """Somebody by e-mail address, or by name and for whom they work."""

    who = serializers.CharField(max_length=254)
    agency_name = _text(200, required=False)
    role = serializers.ChoiceField(choices=ContributorRole.choices)
    employer = serializers.ChoiceField(choices=Employer.choices)
    percent = serializers.DecimalField(max_digits=9, decimal_places=4)
    part = _text(4_000, required=False)


class DisclosureContributorsInput(Input):
    """All contributors; their parts sum to exactly 100 before they are asked."""

    contributors = serializers.ListField(child=DisclosureContributorInput(), max_length=50)


class DisclosureAttachmentInput(Input):
    """A file and what it shows, as multipart/form-data."""

    file = serializers.FileField()
    words = _text(200, required=False)


class DisclosureFileInput(Input):
    """A file of the disclosure by its hash."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class DisclosureReasonInput(Input):
    """Why."""

    reason = _text(4_000)


class DisclosureUnreachableInput(DisclosureReasonInput):
    """Who cannot be reached, and what was tried."""

    contributor = serializers.IntegerField(min_value=1, max_value=2**62)


class DisclosureWitnessInput(Input):
    """Who is to countersign."""

    email = serializers.EmailField()


class DisclosureCountersignInput(Input):
    """What a witness says."""

    competence = _text(2_000)
    understood = serializers.BooleanField()


class DisclosureShareInput(Input):
    """References of parties of the project."""

    parties = serializers.ListField(child=serializers.CharField(max_length=32), max_length=100)


class DisclosureTriageInput(Input):
    """Answers to what is checked first; what is left out stays as it is."""

    agreement = serializers.ChoiceField(choices=Checked.choices, allow_blank=True, required=False)
    background = serializers.ChoiceField(choices=Checked.choices, allow_blank=True, required=False)
    joint = serializers.ChoiceField(choices=YesNo.choices, allow_blank=True, required=False)
    place = serializers.ChoiceField(choices=YesNo.choices, allow_blank=True, required=False)
    export = serializers.ChoiceField(choices=YesNo.choices, allow_blank=True, required=False)
    publication = serializers.ChoiceField(choices=YesNo.choices, allow_blank=True, required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        notes = {f"{name}_note": _text(500, required=False) for name in Triage.QUESTIONS}
        return {**super().get_fields(), **notes}


class DisclosureEvaluationInput(Input):
    """What it is worth."""

    evaluation = _text(20_000)


class DisclosureDecisionInput(Input):
    """What becomes of it, and why."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    reason = _text(10_000)


class DisclosureFilingInput(Input):
    """An application for protection."""

    office = serializers.CharField(max_length=100)
    number = serializers.CharField(max_length=100)
    filed_on = serializers.DateField()


class DisclosureFollowUpInput(Input):
    """Where an application stands."""

    filing = serializers.IntegerField(min_value=1, max_value=2**62)
    status = serializers.ChoiceField(choices=FilingStatus.choices)
    words = _text(500, required=False)


class DisclosureOfferInput(Input):
    """To a party that reads it (its reference), or to a contributor (their uid)."""

    to = serializers.CharField(max_length=64)
    terms = _text(4_000)


class DisclosureOfferAnswerInput(Input):
    """The answer to an offer."""

    answer = serializers.ChoiceField(choices=Answer.choices)
    words = _text(4_000, required=False)


class DisclosureClosingInput(Input):
    """A last word."""

    words = _text(4_000, required=False)
