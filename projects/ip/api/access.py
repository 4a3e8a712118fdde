"""The JSON door of access: one question, requests with their verbs, and rights."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from projects.ip import actions
from projects.ip.models import (
    AccessNote,
    AccessOffer,
    AccessRequest,
    Ground,
    Purpose,
    RequestStatus,
    Royalty,
    SoftwareForm,
    askable_by,
)
from projects.ip.models.right import TERMS
from projects.ip.policies import AccessRequestPolicy


class TermsSerializer(serializers.ModelSerializer):
    """The terms on which access is offered."""

    by = serializers.CharField(source="by.ref", read_only=True)

    class Meta:
        model = AccessOffer
        fields = ["number", "by", "by_name", "at", "note", *TERMS]


class NoteSerializer(serializers.ModelSerializer):
    """A question or an answer of the conversation."""

    by = serializers.CharField(source="by.ref", read_only=True)
    person = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = AccessNote
        fields = ["kind", "by", "by_name", "person", "at", "body"]


class AccessRequestSerializer(RecordSerializer):
    """A request as both sides see it; `stands` is by the clock, `status` what was written down last."""

    asset = serializers.CharField(source="asset.ref", read_only=True)
    requester = serializers.CharField(source="requester.ref", read_only=True)
    owner = serializers.CharField(source="owner.ref", read_only=True)
    stands = serializers.ChoiceField(choices=RequestStatus.choices, read_only=True)
    right = serializers.CharField(source="granted_right.ref", default=None, read_only=True, allow_null=True)
    offers = TermsSerializer(many=True, read_only=True)
    notes = NoteSerializer(many=True, read_only=True)

    class Meta:
        model = AccessRequest
        fields = [
            "ref",
            "version",
            "asset",
            "requester",
            "requester_name",
            "owner",
            "owner_name",
            "purpose",
            "need",
            "wanted_from",
            "wanted_to",
            "field",
            "territory",
            "affiliates",
            "software_form",
            "status",
            "stands",
            "submitted_at",
            "due_at",
            "answer_days",
            "day_basis",
            "clause",
            "escalated_at",
            "closed_at",
            "refusal_ground",
            "refusal_words",
            "is_automatic",
            "right",
            "offers",
            "notes",
            "created_at",
            "updated_at",
            "verbs",
        ]


class AskedInput(Input):
    """What is needed, and why; in a PATCH, what is left out stays as it is."""

    need = serializers.CharField(max_length=4_000)
    wanted_from = serializers.DateField()
    wanted_to = serializers.DateField(allow_null=True, required=False)
    field = serializers.CharField(max_length=400, allow_blank=True, required=False)
    territory = serializers.CharField(max_length=200, allow_blank=True, required=False)
    affiliates = serializers.CharField(max_length=1_000, allow_blank=True, required=False)
    software_form = serializers.ChoiceField(choices=SoftwareForm.choices, allow_blank=True, required=False)


class AccessRequestInput(AskedInput):
    """A draft of one's own agency."""

    asset = serializers.CharField(max_length=32)
    purpose = serializers.ChoiceField(choices=Purpose.choices)


class OfferInput(Input):
    """Terms to offer or to counter with; what is left out follows the agreement."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, required=False)
    field = serializers.CharField(max_length=400, allow_blank=True, required=False)
    territory = serializers.CharField(max_length=200, allow_blank=True, required=False)
    royalty = serializers.ChoiceField(choices=Royalty.choices, required=False)
    royalty_words = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    software_form = serializers.ChoiceField(choices=SoftwareForm.choices, allow_blank=True, required=False)
    may_sublicense = serializers.BooleanField(required=False)
    affiliates = serializers.CharField(max_length=1_000, allow_blank=True, required=False)
    improvements = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    confidentiality = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    reporting = serializers.CharField(max_length=2_000, allow_blank=True, required=False)
    note = serializers.CharField(max_length=4_000, allow_blank=True, required=False)


class BodyInput(Input):
    """What is asked or answered."""

    body = serializers.CharField(max_length=4_000)


class RemarkInput(Input):
    """A remark, or nothing."""

    body = serializers.CharField(max_length=4_000, allow_blank=True, required=False)


class NumberInput(Input):
    """The number of the terms that are accepted."""

    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class RefusalInput(Input):
    """One of the grounds of the agreement, and why it holds."""

    ground = serializers.ChoiceField(choices=Ground.choices)
    words = serializers.CharField(max_length=4_000)


class AccessRequests(Collection):
    """What one's agency asks for, and what it is asked for. Silence never grants."""

    serializer_class = AccessRequestSerializer
    policy_class = AccessRequestPolicy

    def visible(self, actor: Actor) -> QuerySet:
        return AccessRequest.objects.visible_to(actor).for_pages()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        paths = (
            ("project", "asset__project__ref"),
            ("asset", "asset__ref"),
            ("status", "status"),
            ("purpose", "purpose"),
        )
        for name, path in paths:
            if value := self.request.query_params.get(name, ""):
                queryset = queryset.filter(**{path: value.replace("\x00", "")})
        return queryset

    @extend_schema(
        parameters=[
            OpenApiParameter("project", str, description="Reference of a project."),
            OpenApiParameter("asset", str, description="Reference of an asset."),
            OpenApiParameter("status", str, enum=RequestStatus.values),
            OpenApiParameter("purpose", str, enum=Purpose.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=AccessRequestInput, responses={201: AccessRequestSerializer})
    def create(self, request: Request) -> Response:
        """Draft a request; nobody else sees it before it is submitted."""
        typed = self.read(AccessRequestInput)
        asset = get_object_or_404(askable_by(self.actor), ref=typed.pop("asset"))
        return self.created(self._again(actions.draft_request(asset, actor=self.actor, **typed)))

    @extend_schema(request=AskedInput, responses=AccessRequestSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change a draft; send the ETag you saw as If-Match."""
        found = self.get_object()
        serializer = AskedInput(data=request.data, partial=True, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        typed = serializer.validated_data
        return self.represent(
            self._again(actions.edit_request(found, actor=self.actor, version=if_match(request), **typed))
        )

    @verb()
    def submit(self, request: AccessRequest) -> AccessRequest:
        """Put it to the owner; its clock starts."""
        return self._again(actions.submit_request(request, actor=self.actor))

    @verb()
    def withdraw(self, request: AccessRequest) -> AccessRequest:
        """Take it back."""
        return self._again(actions.withdraw_request(request, actor=self.actor))

    @verb()
    def acknowledge(self, request: AccessRequest) -> AccessRequest:
        """Say that it has arrived."""
        return self._again(actions.acknowledge_request(request, actor=self.actor))

    @verb(BodyInput)
    def ask(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Ask the requester for information."""
        return self._again(actions.ask_requester(request, actor=self.actor, **typed))

    @verb(BodyInput)
    def answer(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Give the owner what it asked for."""
        return self._again(actions.answer_owner(request, actor=self.actor, **typed))

    @verb(RemarkInput)
    def accept_need(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Record that the need is accepted."""
        return self._again(actions.accept_need(request, actor=self.actor, **typed))

    @verb()
    def grant(self, request: AccessRequest) -> AccessRequest:
        """Grant it as asked, or as countered."""
        return self._again(actions.grant_request(request, actor=self.actor))

    @verb(OfferInput)
    def offer(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Grant it on terms that the requester has to accept."""
        return self._again(actions.offer_terms(request, actor=self.actor, **typed))

    @verb(NumberInput)
    def accept(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Accept the terms of this number."""
        return self._again(actions.accept_terms(request, actor=self.actor, **typed))

    @verb(OfferInput)
    def counter(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Put other terms."""
        return self._again(actions.counter_terms(request, actor=self.actor, **typed))

    @verb(RefusalInput)
    def refuse(self, request: AccessRequest, **typed: Any) -> AccessRequest:
        """Refuse it on a ground of the agreement."""
        return self._again(actions.refuse_request(request, actor=self.actor, **typed))

    def _again(self, request: AccessRequest) -> AccessRequest:
        """The request as it stands now, with all that belongs to it."""
        return self.visible(self.actor).get(pk=request.pk)
