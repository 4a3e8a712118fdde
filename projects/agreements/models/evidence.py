"""What is final: frozen texts, signatures with their evidence, sealed PDFs, and why a party declined or reopened."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
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

    @cached_property
    def document(self) -> dict[str, Any]:
        """The text as it was frozen: parties, profile, clauses, annexes; parsed once, and nobody's to change."""
        found: dict[str, Any] = json.loads(bytes(self.canonical))
        return found


class Level(models.TextChoices):
    """How strongly a signature is tied to its signatory; said as it is, never better."""

    SIMPLE = "simple", _("Simple electronic signature")
    ADVANCED = "advanced", _("Signed with the signatory’s own passkey")
    WET_INK = "wet_ink_certified", _("By hand, certified by the depositary and witnessed")
    PADES = "external_pades", _("With the signatory’s own certificate, in the PDF")


class SignatureQuerySet(AppendOnlyQuerySet["Signature"]):
    """Signatures with what may have happened to them."""

    def with_fate(self) -> SignatureQuerySet:
        """Read along whether each was voided or confirmed: no further query."""
        return self.select_related("voiding", "confirmation__mandate")


class Signature(AppendOnly):
    """One person's signature for a party under one frozen text, with the record that proves it.

    Who signed outside the portal has no account here; the record names them.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    text = models.ForeignKey(TextVersion, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, related_name="signatures")
    slot = models.ForeignKey("agreements.Slot", models.PROTECT, related_name="signatures", null=True)
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    mandate = models.ForeignKey("agencies.Mandate", models.PROTECT, related_name="+", null=True)
    nth = models.PositiveSmallIntegerField(default=1)
    level = models.CharField(max_length=20, choices=Level.choices, default=Level.SIMPLE)
    is_ad_referendum = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    evidence = models.BinaryField()
    evidence_sha256 = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    event = models.UUIDField(unique=True)
    # One opening of a signing page signs once; what was signed outside the portal had none.
    challenge_sha256 = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - unique where it is

    objects: ClassVar = SignatureQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        ordering = ["signed_at", "pk"]
        # `nth` counts how often a person signs one text: again only after the signature before was voided.
        constraints = [
            models.UniqueConstraint(fields=["text", "party", "person", "nth"], name="signature_once_per_person"),
            models.CheckConstraint(
                name="signature_of_a_person_or_from_outside",
                condition=Q(person__isnull=False, mandate__isnull=False)
                | Q(person=None, level__in=["wet_ink_certified", "external_pades"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.evidence_sha256[:16]}"

    @property
    def is_void(self) -> bool:
        return hasattr(self, "voiding")

    @property
    def counts_from(self) -> datetime | None:
        """Since when it counts: at once, or, made ad referendum, once it was confirmed. None while it does not."""
        if self.is_void:
            return None
        if not self.is_ad_referendum:
            return self.signed_at
        return self.confirmation.confirmed_at if hasattr(self, "confirmation") else None

    @property
    def record(self) -> dict[str, Any]:
        """The evidence record as it was signed."""
        return json.loads(bytes(self.evidence))


class Voiding(AppendOnly):
    """A party took a signature of its own back before the text was fully signed; the signature stays readable."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="voiding")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField()
    event = models.UUIDField(unique=True)

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return str(self.event)


class Confirmation(AppendOnly):
    """The confirmation of a signature that was made ad referendum, with a record of its own.

    It rests on a mandate of whoever confirms, or on the approval of the competent body that they put on record, or on both.
    """

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="confirmation")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    mandate = models.ForeignKey("agencies.Mandate", models.PROTECT, related_name="+", null=True)
    approval = models.CharField(_("approval, and where it is written"), max_length=500, blank=True)
    confirmed_at = models.DateTimeField()
    evidence = models.BinaryField()
    evidence_sha256 = models.CharField(max_length=64, unique=True)
    key_id = models.CharField(max_length=64)
    portal_signature = models.CharField(max_length=128)
    event = models.UUIDField(unique=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                name="confirmation_rests_on_something", condition=Q(mandate__isnull=False) | ~Q(approval="")
            )
        ]

    def __str__(self) -> str:
        return self.evidence_sha256[:16]


class PdfToSign(AppendOnly):
    """The unsigned PDF of a frozen text as it is signed outside the portal; drawn once, whatever the typesetter does later."""

    text = models.OneToOneField(TextVersion, models.PROTECT, related_name="pdf_to_sign", primary_key=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return str(self.text_id)


class SealedPdf(AppendOnly):
    """The PDF of a fully signed text; there is one per text, and its hash is in the ledger."""

    text = models.OneToOneField(TextVersion, models.PROTECT, related_name="pdf")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    event = models.UUIDField(unique=True)
    sealed_at = models.DateTimeField(auto_now_add=True)
    pades_level = models.CharField(max_length=8, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    time_stamped_at = models.DateTimeField(null=True)
    time_stamp_authority = models.CharField(max_length=300, blank=True)

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return self.sha256[:16]


class SealFailure(AppendOnly):
    """Why a text could not be sealed when it was tried, above all when a time-stamp authority did not answer."""

    text = models.ForeignKey(TextVersion, models.PROTECT, related_name="seal_failures")
    at = models.DateTimeField()
    why = models.CharField(max_length=500)

    class Meta(AppendOnly.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.why


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
