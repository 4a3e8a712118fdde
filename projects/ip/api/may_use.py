"""The JSON door of the question who may use what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.api import Door, Input
from projects.ip.asking import answer_for
from projects.ip.forms.access import parse_on
from projects.ip.models import Purpose


class OnField(serializers.Field):
    """A day (2026-11-24), counted at the seat of the agency that made the entry, or an instant with its zone."""

    def to_internal_value(self, data: Any) -> date | datetime:  # type: ignore[override]
        try:
            return parse_on(str(data)[:100])
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class QuestionInput(Input):
    """May this agency use this asset for this purpose then?"""

    asset = serializers.CharField(max_length=32)
    agency = serializers.CharField(max_length=32)
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    on = OnField(required=False, default=None)


class AnswerSerializer(serializers.Serializer):
    """Yes or no with its source, terms and dates; at the instant `ends` the use is over."""

    asset = serializers.CharField()
    agency = serializers.CharField()
    purpose = serializers.CharField()
    on = serializers.CharField()
    allowed = serializers.BooleanField()
    code = serializers.CharField(help_text="The rule that decided.")
    reason = serializers.CharField()
    sentence = serializers.CharField()
    source: Any = serializers.CharField(allow_blank=True)
    source_url = serializers.CharField(allow_blank=True)
    terms = serializers.CharField(allow_blank=True)
    starts = serializers.DateTimeField(allow_null=True)
    ends = serializers.DateTimeField(allow_null=True)
    ask = serializers.CharField(allow_blank=True)
    ask_code = serializers.ChoiceField(choices=["request", "classify", "conclude", ""])


class MayUse(Door):
    """One question, one answer."""

    renderer_classes = [JSONRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter("asset", str, required=True, description="Reference of an asset."),
            OpenApiParameter("agency", str, required=True, description="Reference of an agency."),
            OpenApiParameter("purpose", str, required=True, enum=Purpose.values),
            OpenApiParameter("on", str, description="A day, or an instant with its zone; today by default."),
        ],
        responses=AnswerSerializer,
    )
    def get(self, request: Request) -> Response:
        """Whether the agency may use the asset for the purpose on that day or at that instant."""
        question = QuestionInput(data=request.query_params.dict())
        question.is_valid(raise_exception=True)
        asked = answer_for(self.actor, **question.validated_data)
        body = AnswerSerializer(asked.answer).data
        on = asked.on.isoformat()
        return Response({**body, "agency": asked.agency.ref, "on": on})
