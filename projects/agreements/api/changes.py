"""Negotiation in JSON: changes and their answers, brackets, comments and internal approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.api import Door, Input, RecordPagination, if_match, verb
from projects.agreements import actions
from projects.agreements.api.change_shapes import (
    ApproveTextInput,
    AskApprovalsInput,
    ChangeRefusalInput,
    CommentOnTextInput,
    CounterChangeInput,
    InternalApprovalsSerializer,
    PlaceBracketInput,
    ProposeChangeInput,
    TextChangeSerializer,
    TextCommentSerializer,
)
from projects.agreements.board import with_answers
from projects.agreements.models import Agreement, Audience, Comment, Decision
from projects.agreements.policies import AgreementPolicy
from projects.agreements.turns import turns

NUMBERS = 2**31 - 1
KEYS = 2**63 - 1


class ChangeNumberInput(Input):
    number = serializers.IntegerField(min_value=1, max_value=NUMBERS, help_text="Of the change.")


class ApprovalPositionInput(Input):
    position = serializers.IntegerField(min_value=1, max_value=32_767, help_text="Of the line in your agency's list.")


class BracketKeyInput(Input):
    bracket = serializers.IntegerField(min_value=1, max_value=KEYS)


class CommentKeyInput(Input):
    comment = serializers.IntegerField(min_value=1, max_value=KEYS)


class ChangeVerbs:
    """The verbs of negotiation, for the collection of agreements."""

    actor: Any
    request: Any

    if TYPE_CHECKING:

        def _again(self, agreement: Agreement) -> Agreement: ...

    @verb(ProposeChangeInput)
    def propose_change(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Ask the other parties for other words, another clause, another order or other answers."""
        actions.propose_change(agreement, actor=self.actor, version=if_match(self.request), **sent)
        return self._again(agreement)

    @verb(ChangeNumberInput)
    def accept_change(self, agreement: Agreement, *, number: int) -> Agreement:
        """Accept a change for your agency; accepted by every other party, it is applied at once."""
        actions.accept_change(agreement, number, actor=self.actor, version=if_match(self.request))
        return self._again(agreement)

    @verb(ChangeRefusalInput)
    def refuse_change(self, agreement: Agreement, *, number: int, reason: str) -> Agreement:
        """Refuse a change, with a reason that all parties read."""
        actions.refuse_change(agreement, number, actor=self.actor, reason=reason, version=if_match(self.request))
        return self._again(agreement)

    @verb(CounterChangeInput)
    def counter_change(self, agreement: Agreement, *, number: int, **sent: Any) -> Agreement:
        """Answer a change with other words, which everyone else answers."""
        actions.counter_change(agreement, number, actor=self.actor, version=if_match(self.request), **sent)
        return self._again(agreement)

    @verb(ChangeNumberInput)
    def withdraw_change(self, agreement: Agreement, *, number: int) -> Agreement:
        """Take back a change that your agency proposed."""
        actions.withdraw_change(agreement, number, actor=self.actor, version=if_match(self.request))
        return self._again(agreement)

    @verb(PlaceBracketInput)
    def place_bracket(self, agreement: Agreement, *, code: str, words: str, note: str) -> Agreement:
        """Put words of a clause in brackets; nobody can agree to the text while they stand."""
        version = if_match(self.request)
        actions.place_bracket(agreement, code, actor=self.actor, words=words, note=note, version=version)
        return self._again(agreement)

    @verb(BracketKeyInput)
    def lift_bracket(self, agreement: Agreement, *, bracket: int) -> Agreement:
        """Lift a bracket that your agency placed."""
        actions.lift_bracket(agreement, bracket, actor=self.actor, version=if_match(self.request))
        return self._again(agreement)

    @verb(CommentOnTextInput)
    def comment(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Say something about the text; only your agency reads it unless you share it."""
        actions.comment(agreement, actor=self.actor, **sent)
        return self._again(agreement)

    @verb(CommentKeyInput)
    def widen_comment(self, agreement: Agreement, *, comment: int) -> Agreement:
        """Let every party read an internal comment."""
        actions.widen_comment(agreement, comment, actor=self.actor)
        return self._again(agreement)

    @verb(CommentKeyInput)
    def resolve_comment(self, agreement: Agreement, *, comment: int) -> Agreement:
        """Say that a comment is dealt with."""
        actions.resolve_comment(agreement, comment, actor=self.actor)
        return self._again(agreement)

    @verb(CommentKeyInput)
    def reopen_comment(self, agreement: Agreement, *, comment: int) -> Agreement:
        """Take a comment up again."""
        actions.reopen_comment(agreement, comment, actor=self.actor)
        return self._again(agreement)

    @verb(AskApprovalsInput)
    def ask_approvals(self, agreement: Agreement, *, lines: list[dict[str, str]]) -> Agreement:
        """Say which internal approvals your agency needs before the text is frozen."""
        actions.ask_approvals(agreement, actor=self.actor, lines=lines)
        return self._again(agreement)

    @verb(ApproveTextInput)
    def approve(self, agreement: Agreement, *, position: int, sha256: str, note: str) -> Agreement:
        """Approve, inside your agency, the text that you read."""
        actions.approve(agreement, position, actor=self.actor, sha256=sha256, note=note)
        return self._again(agreement)

    @verb(ApprovalPositionInput)
    def take_back_approval(self, agreement: Agreement, *, position: int) -> Agreement:
        """Take an internal approval back."""
        actions.take_back_approval(agreement, position, actor=self.actor)
        return self._again(agreement)


class ByNumber(RecordPagination):
    ordering = ("-number",)


class ByKey(RecordPagination):
    ordering = ("-id",)


class Negotiated(Door):
    """What parties alone read about an agreement."""

    def policy(self, ref: str, *, for_pages: bool = False) -> AgreementPolicy:
        visible = Agreement.objects.visible_to(self.actor)
        agreement = get_object_or_404(visible.for_pages() if for_pages else visible.with_parties(), ref=ref)
        policy = AgreementPolicy(self.actor, agreement)
        policy.require_party()
        return policy

    def paged(self, rows: QuerySet[Any], request: Request, pages: RecordPagination, shape: Any) -> Response:
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(shape(found, many=True).data)


class Changes(Negotiated):
    """The changes that were proposed to a text, newest first, with what each party said."""

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=Decision.values)], responses=TextChangeSerializer(many=True)
    )
    def get(self, request: Request, ref: str) -> Response:
        rows = with_answers(self.policy(ref).agreement.changes.all())
        status = request.query_params.get("status")
        if status is not None:
            rows = rows.filter(status=status) if status in Decision.values else rows.none()
        return self.paged(rows, request, ByNumber(), TextChangeSerializer)


class Comments(Negotiated):
    """The comments on a text that you may read, newest first."""

    @extend_schema(
        parameters=[OpenApiParameter("clause", str), OpenApiParameter("audience", str, enum=Audience.values)],
        responses=TextCommentSerializer(many=True),
    )
    def get(self, request: Request, ref: str) -> Response:
        agreement = self.policy(ref).agreement
        rows = Comment.objects.visible_to(self.actor).filter(agreement=agreement).select_related("agency", "person")
        clause, audience = request.query_params.get("clause"), request.query_params.get("audience")
        if clause is not None:
            rows = rows.filter(code=clause.replace("\x00", "-")[:60])
        if audience is not None:
            rows = rows.filter(audience=audience) if audience in Audience.values else rows.none()
        return self.paged(rows, request, ByKey(), TextCommentSerializer)


class Approvals(Negotiated):
    """Your agency's internal approvals; of every other party whether its list is done."""

    @extend_schema(responses=InternalApprovalsSerializer)
    def get(self, request: Request, ref: str) -> Response:
        policy = self.policy(ref, for_pages=True)
        own = policy.agreement.approvals.filter(agency=self.actor.agency).select_related("approved_by")
        shown = {
            "sha256": policy.current_hash,
            "parties": [{"agency": turn.party.agency.ref, "approvals": turn.approvals} for turn in turns(policy)],
            "lines": own.order_by("position"),
        }
        return Response(InternalApprovalsSerializer(shown).data)
