"""Slots: the places under a text that belong to agencies, the persons who may fill them, and who has endorsed the text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from agencies.zones import end_of
from portal.kit.append_only import AppendOnly
from projects.agreements.models.agreement import Agreement

MOST_ORDERS = 50
MOST_SIGNERS = 20
# Attributes of a slot that is read for its place, and where they stand.
ENDORSED = {"endorsed_at": "at", "endorsed_by": "person__name"}


class SlotRole(models.TextChoices):
    SIGNER = "signer", _("Signs")
    APPROVER = "approver", _("Approves before it is signed")
    VIEWER = "viewer", _("Confirms having seen it")
    COPY = "copy", _("Receives a copy")


class SlotQuerySet(models.QuerySet["Slot"]):
    """Slots of the plan that holds, with who may fill them."""

    def planned(self) -> SlotQuerySet:
        return self.filter(dropped_at=None)

    def for_places(self) -> SlotQuerySet:
        """With the persons named now, and who has endorsed the present text and when: two queries for all."""
        endorsed = Endorsement.objects.filter(slot=OuterRef("pk"), text=OuterRef("agreement__text"))
        named = Addressee.objects.filter(ended_at=None).select_related("person")
        return (
            self.planned()
            .annotate(**{name: Subquery(endorsed.values(path)[:1]) for name, path in ENDORSED.items()})
            .prefetch_related(models.Prefetch("addressees", queryset=named))
        )


class Slot(models.Model):
    """A place that belongs to an agency: what it does there, in which order, and how many of its persons it takes.

    Slots of equal order are open at the same time; those of a higher order open when all before them are filled.
    An agency that has no slot for signing has the usual one: order 1, one signatory.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="slots")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    role = models.CharField(_("what it does"), max_length=8, choices=SlotRole.choices)
    order = models.PositiveSmallIntegerField(
        _("order"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_ORDERS)]
    )
    needed = models.PositiveSmallIntegerField(
        _("persons needed"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_SIGNERS)]
    )
    # What was signed or endorsed under an earlier text, and the trail of names, keep their slot, though the plan has it no more.
    dropped_at = models.DateTimeField(_("left the plan"), null=True, editable=False)

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "agency", "role", "order"], name="slot_once", condition=Q(dropped_at=None)
            ),
            models.CheckConstraint(name="slot_order_counts", condition=Q(order__gte=1, order__lte=MOST_ORDERS)),
            models.CheckConstraint(name="slot_needs_somebody", condition=Q(needed__gte=1, needed__lte=MOST_SIGNERS)),
            models.CheckConstraint(
                name="slot_needs_several_signers_only", condition=Q(role=SlotRole.SIGNER) | Q(needed=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.order} {self.agency_id} {self.role}"

    # Read along by `for_places`: when the present text was endorsed here, and by whom.
    endorsed_at: datetime | None = None
    endorsed_by: str | None = None

    @property
    def signs(self) -> bool:
        return self.role == SlotRole.SIGNER

    def endorse(self, at: datetime, person: Any) -> None:
        """Count an endorsement that is written in the same transaction."""
        self.endorsed_at, self.endorsed_by = at, person.name

    @property
    def persons(self) -> list[Any]:
        """The addressees of now; nobody where whoever of the agency may do it."""
        return [row for row in self.addressees.all() if row.ended_at is None]


class Addressee(models.Model):
    """A person whom an agency named for its slot. A slot without any takes whoever of the agency may do it.

    Who was replaced or handed over stays on the trail.
    """

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="addressees")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    named_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    handed_over_by = models.ForeignKey("self", models.PROTECT, related_name="handed_over_to", null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    ended_why = models.CharField(_("why no longer"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "person"], name="addressee_once", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="addressee_ended_is_whole",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__gte=F("named_at"), ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.person_id}"


class Endorsement(AppendOnly):
    """An approver's approval, or a viewer's word of having seen it, of one frozen text."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="endorsements")
    text = models.ForeignKey("agreements.TextVersion", models.PROTECT, related_name="endorsements")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    event = models.UUIDField(unique=True)

    class Meta(AppendOnly.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["slot", "text"], name="endorsement_once")]

    def __str__(self) -> str:
        return str(self.event)


class OrderChange(AppendOnly):
    """Why the order of a text that is being signed was changed, in the words of the depositary."""

    text = models.ForeignKey("agreements.TextVersion", models.PROTECT, related_name="order_changes")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    words = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField(auto_now_add=True)
    event = models.UUIDField(unique=True)

    class Meta(AppendOnly.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.event)


class SigningCall(models.Model):
    """What was asked when a text was opened for signature: by when, who is reminded how long before, and whether one may hand over."""

    text = models.OneToOneField("agreements.TextVersion", models.PROTECT, related_name="call", primary_key=True)
    sign_by = models.DateField(_("sign by"), null=True)
    zone = models.CharField(_("time zone"), max_length=64)
    remind_days = models.JSONField(_("reminders, days before"), default=list)
    may_hand_over = models.BooleanField(_("a signatory may hand over to another of the same agency"), default=True)
    asked_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    asked_for = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    lapsed_at = models.DateTimeField(_("time ran out"), null=True, editable=False)

    def __str__(self) -> str:
        return str(self.text_id)

    @property
    def over_at(self) -> datetime | None:
        """The first instant after the day by which signatures are asked; None where no day was named."""
        return end_of(self.sign_by, self.zone) if self.sign_by is not None else None

    def is_over(self, at: datetime) -> bool:
        """Whether time has run out, written down or not."""
        return self.over_at is not None and at >= self.over_at
