"""Signing in JSON: what waits, the challenge with everything that is confirmed, the signature, and what follows it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import reauthentication
from portal.kit.api import Door, Input, verb
from projects.agreements import actions
from projects.agreements.models import Agreement, Signature
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.consent import DEFAULT, language_for
from projects.agreements.signing.page import confirmed
from projects.agreements.signing.passkey import PasskeyAssertion
from projects.agreements.signing.queue import waiting_for
from projects.agreements.signing.sections import sections

SHA256 = r"^[0-9a-f]{64}$"


class SignatureSerializer(serializers.ModelSerializer):
    party = serializers.CharField(source="party.agency.ref")
    mandate = serializers.CharField(
        source="mandate.ref", default=None, help_text="Null for one made outside the portal."
    )
    counts_from = serializers.DateTimeField(
        allow_null=True, help_text="Null while a signature made ad referendum waits for its confirmation."
    )
    voided_at = serializers.DateTimeField(source="voiding.at", default=None, help_text="When its party took it back.")

    class Meta:
        model = Signature
        fields = [
            "party", "mandate", "level", "is_ad_referendum", "signed_at", "counts_from", "voided_at", "evidence_sha256",
            "key_id", "signature",
        ]  # fmt: skip


class ProofInput(Input):
    password = serializers.CharField(
        max_length=256, trim_whitespace=False,
        help_text="Whoever has a passkey needs an authenticator app as well to prove this from a program.",
    )  # fmt: skip
    code = serializers.CharField(
        max_length=12, required=False, default="", help_text="Of your authenticator app, when you have one."
    )


class SignInput(Input):
    sha256 = serializers.RegexField(SHA256)
    challenge = serializers.CharField(
        max_length=900, help_text="From `signing-challenge`, bound to you and this text for one hour."
    )
    consent = serializers.BooleanField(help_text="Whether you confirm the sentence that came with the challenge.")
    language = serializers.CharField(
        max_length=12, required=False, default=DEFAULT, help_text="Of the sentence; that of the challenge."
    )
    typed_name = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Your name, as the portal knows it."
    )
    read = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=200, required=False, default=list,
        help_text="The keys of the sections that you have read: all of them.",
    )  # fmt: skip
    ad_referendum = serializers.BooleanField(
        required=False, default=False, help_text="As in the challenge: it has a sentence of its own, which you confirm."
    )
    declaration = serializers.CharField(
        max_length=2000, required=False, default="", allow_blank=True, trim_whitespace=False
    )
    password = serializers.CharField(
        max_length=256, required=False, default="", trim_whitespace=False, help_text="Not needed with a passkey."
    )
    code = serializers.CharField(
        max_length=12, required=False, default="", help_text="Of your authenticator app, when you have one."
    )
    passkey = serializers.DictField(
        required=False, default=dict, help_text="AuthenticationResponseJSON to the `passkey` of the challenge."
    )


class EvidenceInput(Input):
    evidence = serializers.RegexField(SHA256, help_text="SHA-256 of the evidence of a signature of your agency.")


class ConfirmInput(EvidenceInput, ProofInput):
    """Which signature, what the confirmation rests on, and that it is you."""

    approval = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Which body approved it and where that is written; needed where no mandate of another signatory serves.",
    )  # fmt: skip


class VoidSignatureInput(EvidenceInput, ProofInput):
    reason = serializers.CharField(max_length=2000)


class DeclineInput(ProofInput):
    """Which text, why it is not signed, and that it is you."""

    sha256 = serializers.RegexField(SHA256, help_text="Of the frozen text as you read it.")
    reason = serializers.CharField(max_length=2000, help_text="All parties read it.")


class QuestionInput(Input):
    words = serializers.CharField(max_length=5000)


class ChallengeQuery(serializers.Serializer):
    """How one is going to sign."""

    ad_referendum = serializers.BooleanField(default=False)


class SigningVerbs:
    """The verbs of signing; a mixin of the viewset of agreements."""

    actor: Any
    request: Any
    _again: Any

    @verb(SignInput, scope="sign")
    def sign(self, agreement: Agreement, **sent: Any) -> Agreement:
        """Sign for your agency, proving again who you are: by a passkey over the text, or by password and code."""
        AgreementPolicy(self.actor, self._again(agreement)).require("sign")
        assertion = PasskeyAssertion.read(sent["passkey"]) if sent["passkey"] else None
        proof = None
        if sent["password"]:
            proof = reauthentication.prove(self.request, password=sent["password"], code=sent["code"])
        given = actions.Consent(
            sha256=sent["sha256"], challenge=sent["challenge"], given=sent["consent"], language=sent["language"],
            typed_name=sent["typed_name"], read=tuple(sent["read"]), ad_referendum=sent["ad_referendum"],
            declaration=sent["declaration"], assertion=assertion,
        )  # fmt: skip
        actions.sign(agreement, actor=self.actor, consent=given, proof=proof)
        return self._again(agreement)  # type: ignore[no-any-return]

    @verb(ConfirmInput, scope="sign")
    def confirm_signature(
        self, agreement: Agreement, *, evidence: str, approval: str, password: str, code: str
    ) -> Agreement:
        """Confirm a signature that your agency made ad referendum; from now on it counts."""
        AgreementPolicy(self.actor, self._again(agreement)).require("confirm_signature")
        proof = reauthentication.prove(self.request, password=password, code=code)
        actions.confirm_signature(
            agreement, actor=self.actor, evidence_sha256=evidence, proof=proof, approval=approval
        )  # fmt: skip
        return self._again(agreement)  # type: ignore[no-any-return]

    @verb(VoidSignatureInput, scope="sign")
    def void_signature(
        self, agreement: Agreement, *, evidence: str, reason: str, password: str, code: str
    ) -> Agreement:
        """Take a signature of your agency back while others still have to sign, proving again who you are."""
        AgreementPolicy(self.actor, self._again(agreement)).require("void_signature")
        proof = reauthentication.prove(self.request, password=password, code=code)
        actions.void_signature(agreement, actor=self.actor, evidence_sha256=evidence, reason=reason, proof=proof)
        return self._again(agreement)  # type: ignore[no-any-return]

    @verb(DeclineInput, scope="sign")
    def decline(self, agreement: Agreement, *, sha256: str, reason: str, password: str, code: str) -> Agreement:
        """Decline to sign, which ends the signing for all parties, proving again who you are."""
        AgreementPolicy(self.actor, self._again(agreement)).require("decline")
        proof = reauthentication.prove(self.request, password=password, code=code)
        declined = actions.decline(agreement, actor=self.actor, sha256=sha256, reason=reason, proof=proof)
        return self._again(declined)  # type: ignore[no-any-return]

    @verb(QuestionInput)
    def ask_question(self, agreement: Agreement, *, words: str) -> Agreement:
        """Ask every party about the frozen text before you sign."""
        actions.ask_question(agreement, actor=self.actor, words=words)
        return self._again(agreement)  # type: ignore[no-any-return]


class SigningChallenge(Door):
    """What a signatory reads and confirms, and the challenge that binds it to this text."""

    @extend_schema(
        parameters=[
            OpenApiParameter("language", str, description="Of the sentence; English unless there is one in it."),
            OpenApiParameter("ad_referendum", bool, description="For the sentence of a signature ad referendum."),
        ],
        responses=inline_serializer(
            "SigningChallenge",
            {
                **{
                    name: serializers.CharField()
                    for name in ("challenge", "sha256", "consent_version", "consent_language", "consent")
                },
                "sections": inline_serializer(
                    "SectionToRead", {name: serializers.CharField() for name in ("key", "title", "sha256")}, many=True
                ),
                "passkey": serializers.DictField(
                    help_text="Empty when you have no passkey. `request`: PublicKeyCredentialRequestOptionsJSON without the "
                    "challenge, which is SHA-256 of `form`, a newline and the canonical JSON of `shown` with `typed_name` and "
                    "`remarks` (`ad_referendum`, `declaration`) as you send them."
                ),
            },
        ),
    )
    def get(self, request: Request, ref: str) -> Response:
        agreement = get_object_or_404(Agreement.objects.visible_to(self.actor).for_pages(), ref=ref)
        policy = AgreementPolicy(self.actor, agreement)
        policy.require("sign")
        assert agreement.text is not None
        language = language_for(request.query_params.get("language"))
        asked = ChallengeQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        shown = confirmed(agreement, policy, language, ad_referendum=asked.validated_data["ad_referendum"])
        return Response(
            {
                "challenge": shown["challenge"],
                "sha256": agreement.text.sha256,
                "consent_version": shown["consent_version"],
                "consent_language": language,
                "consent": shown["wording"],
                "sections": [part.as_read() for part in sections(agreement.text.document)],
                "passkey": shown["passkey_request"],
            }
        )


class ToSign(Door):
    """The texts that wait for your signature."""

    @extend_schema(
        responses=inline_serializer(
            "TextToSign",
            {
                "agreement": serializers.CharField(),
                "title": serializers.CharField(),
                "text_number": serializers.IntegerField(),
                "sha256": serializers.CharField(),
                "due_at": serializers.DateTimeField(allow_null=True),
            },
            many=True,
        )
    )
    def get(self, request: Request) -> Response:
        """The most urgent first; at most a hundred."""
        return Response(
            [
                {
                    "agreement": row.agreement.ref,
                    "title": row.agreement.title,
                    "text_number": row.agreement.text.number,
                    "sha256": row.agreement.text.sha256,
                    "due_at": row.due_at,
                }
                for row in waiting_for(self.actor)
                if row.agreement.text is not None
            ]
        )
