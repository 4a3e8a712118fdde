"""What the JSON door of disputes reads."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.kit.api import Input
from projects.ip.models import DisputeKind, DisputeStatus, DisputeSubject, ExhibitKind


class Base64Field(serializers.CharField):
    """Bytes of a file in base64."""

    default_error_messages = {"base64": _("Send the bytes of the file in base64.")}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            self.fail("base64")


class DisputeInput(Input):
    """A claim against other parties; start_level 2 is for a request that was not answered in time."""

    project = serializers.CharField(max_length=32)
    kind = serializers.ChoiceField(choices=DisputeKind.choices, required=False)
    against = serializers.ListField(child=serializers.CharField(max_length=32), max_length=50)
    subject_kind = serializers.ChoiceField(choices=DisputeSubject.choices)
    subject_ref = serializers.CharField(max_length=32)
    clause = serializers.CharField(max_length=40, required=False)
    claim = serializers.CharField(allow_blank=True)
    sought = serializers.CharField(allow_blank=True)
    start_level = serializers.IntegerField(min_value=1, max_value=2, required=False)


class DisputeAnswerInput(Input):
    """A respondent's answer."""

    answer = serializers.CharField(allow_blank=True)


class RepresentativeInput(Input):
    """Who speaks for one's agency at a level, by the reference of the membership."""

    level = serializers.ChoiceField(choices=DisputeStatus.choices)
    membership = serializers.CharField(max_length=32)


class ExhibitInput(Input):
    """Something out of the portal by its `source` (uid of an event, or a reference), or a file with name and content."""

    kind = serializers.ChoiceField(choices=ExhibitKind.choices)
    source: Any = serializers.CharField(max_length=64, required=False)
    shows = serializers.CharField(allow_blank=True)
    name = serializers.CharField(max_length=200, required=False)
    content: Any = Base64Field(required=False)
    is_cleared = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wanted = {"name", "content"} if attrs["kind"] == ExhibitKind.FILE else {"source"}
        missing = sorted(wanted - set(attrs))
        if missing:
            raise serializers.ValidationError({name: [_("This kind of exhibit needs it.")] for name in missing})
        return attrs


class WithdrawnExhibitInput(Input):
    """Which exhibit one relies on no more, and why."""

    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = serializers.CharField(allow_blank=True)


class UrgentMeasureInput(Input):
    """An urgent measure that was sought."""

    before = serializers.CharField(allow_blank=True)
    sought_on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)


class AppointmentInput(Input):
    """Who is appointed."""

    neutral = serializers.CharField(allow_blank=True)


class DisputeReasonInput(Input):
    """Why."""

    reason = serializers.CharField(allow_blank=True)


class DecisionInput(Input):
    """What a tribunal decided, with the document."""

    tribunal = serializers.CharField(allow_blank=True)
    decided_on = serializers.DateField()
    name = serializers.CharField(max_length=200)
    content: Any = Base64Field()


class RoomInput(Input):
    """Words without prejudice."""

    body = serializers.CharField(allow_blank=True)


class SettlementTermsInput(Input):
    """Terms of settlement."""

    terms = serializers.CharField(allow_blank=True)


class SettlementInput(Input):
    """The hash of the terms that were read."""

    sha256 = serializers.CharField(max_length=64)
