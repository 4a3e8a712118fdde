"""Signatures made outside the portal: by hand on paper, or with a certificate of one's own in a PDF."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.agreements.models.agreement import Agreement
from projects.agreements.models.party import Party


class ExternalKind(models.TextChoices):
    WET_INK = "wet_ink", _("By hand, on paper")
    PADES = "pades", _("With a certificate, in the PDF")


class ExternalStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Waits for the depositary")
    CERTIFIED = "certified", _("Waits for a witness")
    ACCEPTED = "accepted", _("Counts as signature")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


AFTER_EXTERNAL: dict[str, set[str]] = {
    ExternalStatus.SUBMITTED: {
        ExternalStatus.CERTIFIED, ExternalStatus.ACCEPTED, ExternalStatus.REFUSED, ExternalStatus.WITHDRAWN,
    },
    ExternalStatus.CERTIFIED: {ExternalStatus.ACCEPTED, ExternalStatus.REFUSED, ExternalStatus.WITHDRAWN},
    ExternalStatus.ACCEPTED: set(),
    ExternalStatus.REFUSED: set(),
    ExternalStatus.WITHDRAWN: set(),
}  # fmt: skip


WAITING = (ExternalStatus.SUBMITTED, ExternalStatus.CERTIFIED)


class ExternalQuerySet(models.QuerySet["ExternalSignature"]):
    """What was handed in, with the people who looked at it."""

    def waiting(self) -> ExternalQuerySet:
        return self.filter(status__in=WAITING)

    def for_pages(self) -> ExternalQuerySet:
        """Read along everything that a page says of it: no further query."""
        people = ("submitted_by", "certified_by", "certified_for", "witnessed_by", "witnessed_for")
        return self.select_related("text", "party__agency", "file", "signature__voiding", *people)


class ExternalSignature(models.Model):
    """A scan or a signed PDF that a party hands in, and who has looked at it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="externals")
    text = models.ForeignKey("agreements.TextVersion", models.PROTECT, related_name="externals")
    party = models.ForeignKey(Party, models.PROTECT, related_name="externals")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=ExternalKind.choices)
    status = models.CharField(_("status"), max_length=10, choices=ExternalStatus.choices, editable=False)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    signatory_name = models.CharField(_("who signed"), max_length=200)
    signatory_native_name = models.CharField(_("in native script"), max_length=200, blank=True)
    signatory_position = models.CharField(_("position"), max_length=200)
    authority = models.CharField(_("authority to sign"), max_length=500)
    signed_on = models.DateField(_("signed on"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    findings = models.JSONField(_("what was found in the PDF"), default=dict, editable=False)
    # What whoever certified or witnessed it stated, and how they proved who they are; it goes into the evidence.
    statements = models.JSONField(default=dict, editable=False)
    submitted_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    certified_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    certified_for = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True)
    certified_at = models.DateTimeField(null=True)
    witnessed_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    witnessed_for = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True)
    witnessed_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason for refusing it"), max_length=2000, blank=True)
    signature = models.OneToOneField("agreements.Signature", models.PROTECT, related_name="external", null=True)

    objects: ClassVar = ExternalQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="external_number_once"),
            models.CheckConstraint(
                name="external_accepted_has_its_signature",
                condition=Q(status=ExternalStatus.ACCEPTED, signature__isnull=False)
                | ~Q(status=ExternalStatus.ACCEPTED) & Q(signature=None),
            ),
            models.CheckConstraint(
                name="external_witness_is_another",
                condition=Q(witnessed_by=None) | Q(certified_by__isnull=False) & ~Q(witnessed_by=F("certified_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number}"

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_wet_ink(self) -> bool:
        return self.kind == ExternalKind.WET_INK

    def move_to(self, status: ExternalStatus) -> None:
        """The only assignment to `.status`; raises ValueError for a step the diagram does not have."""
        if self.status and status not in AFTER_EXTERNAL[self.status]:
            raise ValueError(f"{self.status} cannot become {status}")
        self.status = status
