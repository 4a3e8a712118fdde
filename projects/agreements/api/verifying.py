"""The public JSON door of verification: a file by its hash, a deposit by its receipt."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.kit.api import Input
from projects.agreements.typesetting import read_marker
from projects.agreements.verification import EMPTY, verify
from projects.ip.receipts.checking import check_receipt

SHA256 = r"^[0-9a-f]{64}$"


class VerifyQuery(serializers.Serializer):
    sha256 = serializers.RegexField(SHA256, help_text="Of the whole file, in lowercase hexadecimal.")
    marker = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200,
        help_text="What the file says it is: “concord A-2026-0001 v1 SHA-256 of the text”, from the metadata of a PDF.",
    )  # fmt: skip


class NamedHashInput(Input):
    """A file, by its hash."""

    name = serializers.CharField(max_length=300, allow_blank=True)
    sha256 = serializers.RegexField(SHA256)


class VerifyInput(Input):
    """A receipt, or an opening alone; the files by hash, and a checkpoint that one kept."""

    receipt = serializers.DictField(required=False, default=None, help_text="The content of receipt.json.")
    opening = serializers.DictField(required=False, default=None, help_text="Manifest and salt.")
    files = serializers.ListField(child=NamedHashInput(), max_length=1000, required=False, default=list)
    against = serializers.CharField(
        max_length=2000, required=False, default=None, trim_whitespace=False, help_text="A signed checkpoint."
    )
    consistency = serializers.DictField(required=False, default=None, help_text="The ledger's proof between both.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["receipt"] is None and attrs["opening"] is None:
            raise serializers.ValidationError({"receipt": [_("Give a receipt, or an opening.")]})
        return attrs


class FindingSerializer(serializers.Serializer):
    """One thing that was looked at: passed, failed, undecided or noted."""

    outcome = serializers.CharField()
    code = serializers.CharField()
    text = serializers.CharField()


class Verify(APIView):
    """Whether a file with this SHA-256 was sealed here, or a receipt of a deposit is true; public, nothing is stored."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []

    @extend_schema(
        parameters=[VerifyQuery],
        responses=inline_serializer(
            "Verdict",
            {
                "outcome": serializers.ChoiceField(["intact", "changed", "unknown"]),
                "sha256": serializers.CharField(),
                "kind": serializers.ChoiceField(["pdf", "text", "record", "outside", "to_sign", ""]),
                "superseded_by": serializers.IntegerField(allow_null=True),
                "checked_at": serializers.DateTimeField(),
                "agreement": serializers.CharField(allow_null=True),
                "status": serializers.CharField(allow_null=True),
                "is_current": serializers.BooleanField(),
                "checks": serializers.ListField(child=serializers.DictField()),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        asked = VerifyQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        if asked.validated_data["sha256"] == EMPTY:
            raise serializers.ValidationError(
                {"sha256": [_("This is the SHA-256 of an empty file: nothing was sent.")]}
            )
        claims = read_marker(asked.validated_data["marker"].encode("utf-8", "replace"))
        verdict = verify(asked.validated_data["sha256"], claims)
        return Response(
            {
                "outcome": verdict.outcome,
                "sha256": verdict.sha256,
                "kind": verdict.kind,
                "superseded_by": verdict.superseded_by,
                "checked_at": timezone.now(),
                "agreement": verdict.agreement.ref if verdict.agreement else None,
                "status": verdict.agreement.status if verdict.agreement else None,
                "is_current": verdict.is_current,
                "checks": [
                    {"outcome": check.outcome, "text": check.text, "detail": check.detail} for check in verdict.checks
                ],
            }
        )

    @extend_schema(
        request=VerifyInput,
        responses=inline_serializer(
            "DepositVerdict",
            {
                "outcome": serializers.ChoiceField(["proved", "failed", "undecided"]),
                "reason": serializers.CharField(),
                "checked_at": serializers.DateTimeField(),
                "commitment": serializers.CharField(allow_null=True),
                "entry": serializers.IntegerField(allow_null=True),
                "sealed_by": serializers.CharField(allow_null=True),
                "findings": FindingSerializer(many=True),
            },
        ),
    )
    def post(self, request: Request) -> Response:
        """Check a receipt as its script does, and against the ledger as it stands now."""
        asked = VerifyInput(data=request.data)
        asked.is_valid(raise_exception=True)
        typed = asked.validated_data
        files = {one["name"]: one["sha256"] for one in typed.pop("files")}
        checked = check_receipt(typed.pop("receipt"), files=files, **typed)
        receipt, sealed_by = checked.receipt, checked.sealed_by
        return Response(
            {
                "outcome": checked.outcome,
                "reason": checked.reason,
                "checked_at": timezone.now(),
                "commitment": receipt.deposit["commitment"] if receipt else None,
                "entry": receipt.index if receipt else None,
                "sealed_by": sealed_by.at if sealed_by else None,
                "findings": checked.rows,
            }
        )
