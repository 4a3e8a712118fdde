"""What clients send about agencies and their people; the serializers only parse."""

from __future__ import annotations

from rest_framework import serializers

from agencies import taxonomy
from agencies.models import InstrumentKind, Kind, Marking, Role, Scope, Theme
from portal.kit.api import Input

# More rows than there are choices can only be a mistake.
MANY = 400


class ProvenInput(Input):
    """Proves again that it is the same person."""

    password = serializers.CharField(max_length=256, trim_whitespace=False, write_only=True)
    code = serializers.CharField(
        max_length=12, required=False, default="", help_text="Of your authenticator app, when you have one."
    )


class ProfileInput(Input):
    """An agency as the directory shows it; its founding act is uploaded on the page."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    legal_name = serializers.CharField(max_length=200)
    native_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    native_language = serializers.CharField(max_length=12, required=False, allow_blank=True)
    acronym = serializers.CharField(max_length=12)
    country = serializers.CharField(
        max_length=2, required=False, allow_blank=True, help_text="ISO 3166-1 alpha-2; empty when international."
    )
    is_international = serializers.BooleanField(required=False)
    city = serializers.CharField(max_length=100)
    zone = serializers.CharField(max_length=64, help_text="An IANA time zone, such as Asia/Tokyo.")
    working_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), max_length=7, help_text="1 is Monday, 7 is Sunday."
    )
    languages = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=MANY)
    domain = serializers.CharField(max_length=190, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    capabilities = serializers.ListField(
        child=serializers.ChoiceField(choices=taxonomy.choices()), required=False, max_length=MANY
    )
    about = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    default_marking = serializers.ChoiceField(choices=Marking.choices, required=False)
    sponsor = serializers.CharField(
        max_length=32, required=False, allow_null=True, help_text="The reference of a verified agency."
    )


class ChangedProfileInput(ProfileInput):
    """Those facts that change."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class RolesInput(ProvenInput):
    """All the roles that the member has from now on."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), max_length=MANY)
    position = serializers.CharField(max_length=120, required=False, allow_blank=True)


class InvitationInput(ProvenInput):
    """Whom to ask to join, and as what."""

    email = serializers.EmailField(max_length=254)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), max_length=MANY)
    position = serializers.CharField(max_length=120, required=False, allow_blank=True)
    ends_on = serializers.DateField(required=False, allow_null=True)


class AcceptanceInput(Input):
    """The secret of the link, and the will to join."""

    token = serializers.CharField(max_length=100)
    consent = serializers.BooleanField(help_text="Whether you join the agency in the roles offered.")


class MandateInput(ProvenInput):
    """Who may sign what, from when to when; a document it rests on is uploaded on the page."""

    membership = serializers.CharField(max_length=32, help_text="The reference of a signatory's membership.")
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=InstrumentKind.choices), max_length=MANY)
    source_note = serializers.CharField(max_length=300)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    project = serializers.CharField(max_length=32, required=False, allow_blank=True)
    value_limit = serializers.DecimalField(max_digits=18, decimal_places=2, required=False, allow_null=True)
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    cosignature = serializers.BooleanField(required=False)


class TokenInput(ProvenInput):
    """What the program is called, what it may do, and for how many days."""

    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), max_length=MANY)
    days = serializers.IntegerField(min_value=1, max_value=10_000, required=False)


class AccountInput(Input):
    """How a person is written, spoken to and found at work; those facts that change."""

    name = serializers.CharField(max_length=150, required=False)
    native_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    language = serializers.CharField(max_length=12, required=False)
    zone = serializers.CharField(max_length=64, required=False)
    day_start = serializers.TimeField(required=False)
    day_end = serializers.TimeField(required=False)
    theme = serializers.ChoiceField(choices=Theme.choices, required=False)
