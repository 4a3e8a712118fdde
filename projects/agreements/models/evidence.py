"""What is final: frozen texts, signatures with their evidence, sealed PDFs, and why a party declined or reopened."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.agreements.models.agreement import Agreement
from projects.agreements.models.party import Party


class TextVersion(AppendOnly):
    """The canonical bytes of a frozen text and their SHA-256."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField()
    canonical = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    frozen_for = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="text_version_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number} {self.sha256[:16]}"

    @property
    def document(self) -> dict[str, Any]:
        """The text as it was frozen: parties, profile, clauses, annexes."""
        return json.loads(bytes(self.canonical))


class Signature(AppendOnly):
    """One party's signature under one frozen text, with the record that proves it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    text = models.ForeignKey(TextVersion, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, related_name="signatures")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    mandate = models.ForeignKey("agencies.Mandate", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    evidence = models.BinaryField()
    evidence_sha256 = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    event = models.UUIDField(unique=True)

    class Meta(AppendOnly.Meta):
        ordering = ["signed_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["text", "party"], name="signature_once_per_party")]

    def __str__(self) -> str:
        return f"{self.party} {self.evidence_sha256[:16]}"

    @property
    def record(self) -> dict[str, Any]:
        """The evidence record as it was signed."""
        return json.loads(bytes(self.evidence))


class SealedPdf(AppendOnly):
    """The PDF of a fully signed text; there is one per text, and its hash is in the ledger."""

    text = models.OneToOneField(TextVersion, models.PROTECT, related_name="pdf")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    event = models.UUIDField(unique=True)
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return self.sha256[:16]


class Reason(AppendOnly):
    """Why a party declined to sign or reopened the text, in its words; it stays when the agreement goes on."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reasons")
    event = models.UUIDField(unique=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    is_refusal = models.BooleanField(_("declined to sign"))
    words = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.event)
