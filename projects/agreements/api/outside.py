"""Signatures made outside the portal in JSON: what was handed in, what was found, and the verbs about it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import reauthentication
from portal.files.storage import download, respond
from portal.kit.api import Door, Input, require_scope, verb
from portal.kit.documents import DocumentParser
from projects.agreements import actions
from projects.agreements.api.signing import SHA256, ProofInput
from projects.agreements.models import Agreement, ExternalKind, ExternalSignature
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.names import other_name
from projects.agreements.signing.outside import externals_of, pdf_to_sign

NUMBER = 2**31 - 1


class ExternalInput(Input):
    """A scan or a signed PDF and what is said of it, as multipart/form-data."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(ExternalKind.choices)
    sha256 = serializers.RegexField(SHA256, help_text="Of the frozen text that was signed.")
    signatory_name = serializers.CharField(max_length=200)
    signatory_native_name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    signatory_position = serializers.CharField(max_length=200)
    authority = serializers.CharField(max_length=500)
    signed_on = serializers.DateField()
    place = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    field = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True,
        help_text="The signature that counts, in a PDF with several.",
    )  # fmt: skip
    effect = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Where the text asks for a qualified signature and the certificate does not say that it is: the law "
        "that gives it the effect of a signature by hand.",
    )  # fmt: skip


class ExternalNumberInput(Input):
    number = serializers.IntegerField(
        min_value=1, max_value=NUMBER, help_text="As the list of what was handed in has it."
    )


class RefuseExternalInput(ExternalNumberInput):
    reason = serializers.CharField(max_length=2000)


class ExternalWitnessInput(ExternalNumberInput, ProofInput):
    """The text and the file that were looked at, and that it is you."""

    sha256 = serializers.RegexField(SHA256, help_text="Of the frozen text.")
    file_sha256 = serializers.RegexField(SHA256)
    remark = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Why it is the same person, where the certificate names another (`other_name`); it goes into the evidence.",
    )  # fmt: skip


class CertifyInput(ExternalWitnessInput):
    saw = serializers.ChoiceField(
        [("original", "original"), ("scan", "scan")], required=False, default="", allow_blank=True,
        help_text="What was seen of a signature by hand, which needs it; nothing is kept of it for a PDF with a certificate.",
    )  # fmt: skip


class ExternalSerializer(serializers.ModelSerializer):
    """`findings` are those of docs/signing-outside.md; empty for a scan."""

    party = serializers.CharField(source="party.agency.ref")
    text_number = serializers.IntegerField(source="text.number")
    text_sha256 = serializers.CharField(source="text.sha256")
    file_sha256 = serializers.CharField(source="file.sha256")
    file_name = serializers.CharField(source="file.name")
    submitted_by = serializers.CharField(source="submitted_by.uid")
    certified_by = serializers.CharField(source="certified_by.uid", default=None)
    certified_for = serializers.CharField(source="certified_for.ref", default=None)
    witnessed_by = serializers.CharField(source="witnessed_by.uid", default=None)
    witnessed_for = serializers.CharField(source="witnessed_for.ref", default=None)
    evidence = serializers.CharField(source="signature.evidence_sha256", default=None)
    other_name = serializers.SerializerMethodField(
        help_text="The name in the certificate, where it is not that of whom the party says has signed; else empty."
    )
    certified_remark = serializers.SerializerMethodField()
    witnessed_remark = serializers.SerializerMethodField()

    class Meta:
        model = ExternalSignature
        fields = [
            "number", "kind", "status", "party", "text_number", "text_sha256", "file_sha256", "file_name",
            "signatory_name", "signatory_native_name", "signatory_position", "authority", "signed_on", "place",
            "findings", "submitted_by", "submitted_at", "certified_by", "certified_for", "certified_at",
            "witnessed_by", "witnessed_for", "witnessed_at", "reason", "evidence", "other_name", "certified_remark",
            "witnessed_remark",
        ]  # fmt: skip

    def get_other_name(self, row: ExternalSignature) -> str:
        return other_name(row)

    def get_certified_remark(self, row: ExternalSignature) -> str:
        return str(row.statements.get("certified", {}).get("remark", ""))

    def get_witnessed_remark(self, row: ExternalSignature) -> str:
        return str(row.statements.get("witnessed", {}).get("remark", ""))


class OutsideDoor(Door):
    """What parties alone read."""

    def found(self, ref: str) -> Agreement:
        agreement: Agreement = get_object_or_404(Agreement.objects.visible_to(self.actor).for_pages(), ref=ref)
        AgreementPolicy(self.actor, agreement).require_party()
        return agreement


class Outside(OutsideDoor):
    """Signatures made outside the portal."""

    @extend_schema(responses=ExternalSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The newest first."""
        return Response(ExternalSerializer(externals_of(self.found(ref)), many=True).data)


class OutsideFile(OutsideDoor):
    """The file of one of them."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str, number: int) -> HttpResponse:
        """The bytes."""
        for row in externals_of(self.found(ref)):
            if row.number == number:
                return respond(row.file)
        raise Http404


class PdfToSign(OutsideDoor):
    """The frozen text, unsigned."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """The PDF to be signed: the same bytes each time."""
        agreement = self.found(ref)
        if agreement.text is None:
            raise Http404
        name = f"{agreement.ref}-v{agreement.text.number}-to-sign.pdf"
        return download(pdf_to_sign(agreement.text), name, "application/pdf")


class OutsideVerbs:
    """The verbs about them; a mixin of the viewset of agreements."""

    actor: Any
    request: Any
    get_object: Any
    read: Any
    require: Any
    represent: Any
    _again: Any

    @extend_schema(request={"multipart/form-data": ExternalInput}, responses=ExternalSerializer)
    @action(
        detail=True, methods=["post"], parser_classes=[DocumentParser, MultiPartParser], url_path="submit-external",
        url_name="submit-external",
    )  # fmt: skip
    def submit_external(self, request: Request, ref: str) -> Response:
        """Hand in a signature that was made by hand, or with a certificate."""
        require_scope(self.actor, "sign")
        agreement = self.get_object()
        self.require("submit_external", agreement)
        sent = self.read(ExternalInput)
        file = sent.pop("file")
        handed = actions.Handed(content=file.read(), name=file.name or "", **sent)
        row = actions.submit_external(agreement, actor=self.actor, handed=handed)
        return Response(ExternalSerializer(row).data)

    @verb(CertifyInput, scope="sign")
    def certify_external(
        self, agreement: Agreement, *, number: int, password: str, code: str, **seen: Any
    ) -> Agreement:
        """Certify, for the depositary, what a party handed in."""
        self._may_look_at(agreement, number, "certify_external")
        proof = reauthentication.prove(self.request, password=password, code=code)
        actions.certify_external(agreement, number, actor=self.actor, proof=proof, **seen)
        return self._again(agreement)  # type: ignore[no-any-return]

    @verb(ExternalWitnessInput, scope="sign")
    def witness_external(
        self, agreement: Agreement, *, number: int, password: str, code: str, **seen: Any
    ) -> Agreement:
        """Witness, as a second person, what the depositary certified."""
        self._may_look_at(agreement, number, "witness_external")
        proof = reauthentication.prove(self.request, password=password, code=code)
        actions.witness_external(agreement, number, actor=self.actor, proof=proof, **seen)
        return self._again(agreement)  # type: ignore[no-any-return]

    @verb(RefuseExternalInput, scope="sign")
    def refuse_external(self, agreement: Agreement, *, number: int, reason: str) -> Agreement:
        """Refuse, for the depositary, what a party handed in."""
        actions.refuse_external(agreement, number, actor=self.actor, reason=reason)
        return self._again(agreement)  # type: ignore[no-any-return]

    @verb(ExternalNumberInput, scope="sign")
    def withdraw_external(self, agreement: Agreement, *, number: int) -> Agreement:
        """Take back what your agency handed in."""
        actions.withdraw_external(agreement, number, actor=self.actor)
        return self._again(agreement)  # type: ignore[no-any-return]

    def _may_look_at(self, agreement: Agreement, number: int, name: str) -> None:
        """Whoever may not is told so before a password is looked at."""
        shown = self._again(agreement)
        policy = AgreementPolicy(self.actor, shown)
        policy.require(name)
        for row in policy.externals:
            if row.number == number and (refusal := policy.of_external(name, row)) is not None:
                raise refusal
