"""What programs send and are sent when they negotiate."""

from __future__ import annotations

from rest_framework import serializers

from portal.kit.api import Input, InstantField
from projects.agreements.models import Answer, Approval, Audience, Change, Comment, Operation
from projects.agreements.models.approval import ApprovalKind
from projects.agreements.models.clause import Part

SHA256 = r"^[0-9a-f]{64}$"


class Words(serializers.CharField):
    """Text that the action judges; nothing of it is trimmed here."""

    def __init__(self, max_length: int) -> None:
        super().__init__(max_length=max_length, required=False, default="", allow_blank=True, trim_whitespace=False)


class DayForAnswersField(serializers.DateField):
    """Optional; a day at the seat of the agency that proposes."""

    def __init__(self) -> None:
        words = "Day, at your agency's seat, by whose end an answer is asked. Nothing follows when it passes."
        super().__init__(required=False, default=None, allow_null=True, help_text=words)


class CounterChangeInput(Input):
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    heading = Words(200)
    text = Words(25_000)
    after = serializers.SlugField(max_length=60, required=False, default="", allow_blank=True)
    answers = serializers.DictField(required=False, default=dict, help_text="Of the clause profile.")
    note = Words(2000)
    due_on = DayForAnswersField()


class ProposeChangeInput(Input):
    operation = serializers.ChoiceField(Operation.choices)
    code = serializers.SlugField(max_length=60, required=False, default="", allow_blank=True)
    part = serializers.ChoiceField(Part.choices, required=False, default="", allow_blank=True)
    based_on = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, default=None, allow_null=True,
        help_text="Revision of the clause that you read; of the agreement where no clause is reworded.",
    )  # fmt: skip
    heading = Words(200)
    text = Words(25_000)
    after = serializers.SlugField(max_length=60, required=False, default="", allow_blank=True)
    answers = serializers.DictField(required=False, default=dict, help_text="Of the clause profile.")
    note = Words(2000)
    due_on = DayForAnswersField()


class ChangeRefusalInput(Input):
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = serializers.CharField(max_length=2000)


class PlaceBracketInput(Input):
    code = serializers.SlugField(max_length=60)
    words = Words(500)
    note = Words(500)


class CommentOnTextInput(Input):
    words = serializers.CharField(max_length=5000, trim_whitespace=False)
    code = serializers.SlugField(max_length=60, required=False, default="", allow_blank=True)
    audience = serializers.ChoiceField(Audience.choices, required=False, default=Audience.INTERNAL)
    reply_to = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, default=None, allow_null=True, help_text="A comment's id."
    )


class ApprovalLineInput(Input):
    kind = serializers.ChoiceField(ApprovalKind.choices)
    words = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class AskApprovalsInput(Input):
    lines = serializers.ListField(child=ApprovalLineInput(), max_length=20)


class ApproveTextInput(Input):
    position = serializers.IntegerField(min_value=1, max_value=32_767)
    sha256 = serializers.RegexField(SHA256, help_text="Of the text as you read it.")
    note = Words(500)


class ChangeAnswerSerializer(serializers.ModelSerializer):
    agency = serializers.CharField(source="agency.ref")
    at = InstantField()

    class Meta:
        model = Answer
        fields = ["agency", "verdict", "reason", "at"]


class TextChangeSerializer(serializers.ModelSerializer):
    agency = serializers.CharField(source="agency.ref")
    counters = serializers.IntegerField(source="counters.number", default=None)
    given = ChangeAnswerSerializer(many=True)
    proposed_at = InstantField()
    due_at = InstantField()
    decided_at = InstantField()

    class Meta:
        model = Change
        fields = [
            "number", "round", "operation", "part", "code", "based_on", "heading", "text", "after", "answers", "note",
            "agency", "proposed_at", "due_at", "status", "decided_at", "counters", "applied_in", "given",
        ]  # fmt: skip


class TextCommentSerializer(serializers.ModelSerializer):
    clause = serializers.CharField(source="code")
    agency = serializers.CharField(source="agency.ref")
    person = serializers.CharField(source="person.name")
    reply_to = serializers.IntegerField(source="reply_to_id")
    at = InstantField()
    resolved_at = InstantField()

    class Meta:
        model = Comment
        fields = ["id", "clause", "agency", "person", "audience", "words", "reply_to", "at", "resolved_at"]


class ApprovalLineSerializer(serializers.ModelSerializer):
    approved_by = serializers.CharField(source="approved_by.name", default=None)
    approved_at = InstantField()

    class Meta:
        model = Approval
        fields = ["position", "kind", "words", "approved_sha256", "approved_at", "approved_by", "note"]


class PartyApprovalsSerializer(serializers.Serializer):
    agency = serializers.CharField()
    approvals = serializers.ChoiceField(["none", "done", "open"])


class InternalApprovalsSerializer(serializers.Serializer):
    sha256 = serializers.CharField()
    parties = PartyApprovalsSerializer(many=True)
    lines = ApprovalLineSerializer(many=True)
