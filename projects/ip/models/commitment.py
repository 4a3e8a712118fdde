"""The evidence of deposits: commitments, their openings and files, time stamps, and to whom each was revealed."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.files.models import StoredFile
from portal.history.models import DatabaseClock, Event
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet

ALGORITHM = "SHA-256"
READERS = (Role.IP_MANAGER, Role.ADMINISTRATOR)
# SECURITY: the time of evidence is that of its event, which the database's clock set; no input reaches it.
TIME_OF_ITS_EVENT = """
    SELECT at INTO NEW.{column} FROM history_event WHERE id = NEW.event_id {condition};
    IF NOT FOUND THEN RAISE EXCEPTION 'this is not the event of the row'; END IF;
    RETURN NEW;
"""
ITS_COMMITMENT = "AND verb = 'deposit.made' AND facts->>'commitment' = NEW.value"
OPENS = """
    IF encode(sha256(NEW.salt || convert_to(NEW.manifest, 'UTF8')), 'hex')
        IS DISTINCT FROM (SELECT value FROM ip_commitment WHERE id = NEW.commitment_id)
    THEN RAISE EXCEPTION 'the opening does not give the commitment'; END IF;
    RETURN NEW;
"""


def time_of_its_event(column: str, condition: str = "") -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="time_of_its_event",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=TIME_OF_ITS_EVENT.format(column=column, condition=condition),
    )


class CommitmentState(models.TextChoices):
    """How far the proof of a version has come."""

    RECORDED = "recorded", _("Recorded, not sealed yet")
    SEALED = "sealed", _("Sealed in the ledger")
    STAMPED = "stamped", _("Time-stamped")
    STAMP_FAILED = "stamp_failed", _("Sealed, time stamp failed")


class CommitmentQuerySet(AppendOnlyQuerySet["Commitment"]):
    """Commitments by who may know of them and who may read what they hide."""

    def visible_to(self, actor: Actor) -> Self:
        """Those whose deposit the actor sees: every version of an own one, of another's what was revealed."""
        if actor.agency_id is None or actor.person is None:
            return self.none()
        own = Q(deposit__agency=actor.agency_id)
        if actor.has_role(Role.EXPORT_OFFICER) and not actor.has_role(*READERS):
            return self.filter(own)
        return self.readable_by(actor)

    def readable_by(self, actor: Actor) -> Self:
        """Those whose opening and files the actor reads, as far as they are here."""
        if actor.agency_id is None or actor.person is None:
            return self.none()
        own = Q(deposit__agency=actor.agency_id)
        if not actor.has_role(*READERS):
            return self.filter(own, deposit__person=actor.person)
        return self.filter(own | Exists(Reveal.objects.filter(agency=actor.agency_id, commitment=OuterRef("pk"))))

    def with_state(self) -> Self:
        """Read the entry in the ledger and the time stamps; one more query for all rows."""
        stamps = TimeStamp.objects.defer("token").order_by("-pk")
        known = self.select_related("event__leaf", "person", "opening", "previous")
        return known.prefetch_related(Prefetch("time_stamps", queryset=stamps, to_attr="stamps"))


class Commitment(AppendOnly):
    """One version of a deposit: SHA-256(salt ‖ manifest), as docs/deposits.md has it, fixed by its event in the ledger."""

    State = CommitmentState

    deposit = models.ForeignKey("ip.Deposit", models.PROTECT, related_name="commitments", verbose_name=_("deposit"))
    number = models.PositiveIntegerField(_("version"))
    value = models.CharField(_("commitment"), max_length=64, unique=True)
    algorithm = models.CharField(_("algorithm"), max_length=16, default=ALGORITHM)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="next", verbose_name=_("version before it")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("deposited by")
    )
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name=_("event"))
    deposited_at = models.DateTimeField(_("deposited"), db_default=DatabaseClock(), editable=False)

    objects: ClassVar = CommitmentQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(fields=["deposit", "number"], name="commitment_once_a_version"),
            models.CheckConstraint(condition=Q(value__regex="^[0-9a-f]{64}$"), name="commitment_is_a_hash"),
            models.CheckConstraint(
                condition=Q(number=1, previous=None) | Q(number__gt=1, previous__isnull=False),
                name="commitment_follows_the_one_before",
            ),
        ]
        triggers = [*AppendOnly.Meta.triggers, time_of_its_event("deposited_at", ITS_COMMITMENT)]

    def __str__(self) -> str:
        return self.value

    @property
    def entry(self) -> int | None:
        """The number of its entry in the ledger, None until it is sealed."""
        return self.event.ledger_index

    @property
    def kept(self) -> Opening | None:
        """The opening, where the portal has it."""
        return getattr(self, "opening", None)

    @property
    def last_stamp(self) -> TimeStamp | None:
        """The time stamp if there is one, else the last attempt at it."""
        stamps = getattr(self, "stamps", None)
        rows = list(self.time_stamps.defer("token").order_by("-pk")) if stamps is None else stamps
        return next((row for row in rows if row.stamped_at), rows[0] if rows else None)

    @property
    def state(self) -> str:
        if self.entry is None:
            return CommitmentState.RECORDED
        if (stamp := self.last_stamp) is None:
            return CommitmentState.SEALED
        return CommitmentState.STAMPED if stamp.stamped_at else CommitmentState.STAMP_FAILED

    @property
    def state_words(self) -> str | Promise:
        if self.state == CommitmentState.SEALED:
            return gettext("Sealed as entry %(entry)s") % {"entry": self.entry}
        return CommitmentState(self.state).label


class Opening(AppendOnly):
    """What a commitment hides, in the form in which it was hashed; the database takes no other."""

    commitment = models.OneToOneField(Commitment, models.PROTECT, related_name="opening", verbose_name=_("commitment"))
    salt = models.BinaryField(_("salt"), max_length=32)
    manifest = models.TextField(_("manifest, in canonical form"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given"), db_default=DatabaseClock(), editable=False)

    class Meta(AppendOnly.Meta):
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(name="opens", when=pgtrigger.Before, operation=pgtrigger.Insert, func=OPENS),
        ]

    def __str__(self) -> str:
        return str(self.commitment_id)

    @property
    def said(self) -> dict[str, Any]:
        """The manifest as an object."""
        manifest: dict[str, Any] = json.loads(self.manifest)
        return manifest

    def as_dict(self) -> dict[str, Any]:
        """The opening as people keep it."""
        return {"format": "concord/opening/1", "salt": bytes(self.salt).hex(), "manifest": self.said}


class DepositedFile(AppendOnly):
    """A file that the manifest names and the portal keeps."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="files", verbose_name=_("commitment"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("deposited file")
        verbose_name_plural = _("deposited files")
        constraints = [models.UniqueConstraint(fields=["commitment", "file"], name="deposited_file_once")]

    def __str__(self) -> str:
        return str(self.file_id)


class TimeStamp(AppendOnly):
    """An answer of the time-stamp authority, or why there is none. A failure is a row too: it is never hidden."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="time_stamps", verbose_name=_("commitment"))
    asked_at = models.DateTimeField(_("asked"), db_default=DatabaseClock(), editable=False)
    token = models.BinaryField(_("token"), null=True)
    stamped_at = models.DateTimeField(_("time by the authority"), null=True)
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    reason = models.CharField(_("why it failed"), max_length=300, blank=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("time stamp")
        verbose_name_plural = _("time stamps")
        constraints = [
            models.CheckConstraint(
                condition=Q(token__isnull=False, stamped_at__isnull=False, reason="")
                | Q(token=None, stamped_at=None) & ~Q(reason=""),
                name="time_stamp_or_the_reason",
            )
        ]

    def __str__(self) -> str:
        return self.reason or str(self.stamped_at)


class Reveal(AppendOnly):
    """That a version was opened to an agency; what has been seen cannot be unseen."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="reveals", verbose_name=_("commitment"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("revealed to"))
    agency_name = models.CharField(_("name of the agency then"), max_length=300)
    with_files = models.BooleanField(_("with the stored files"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("revealed by")
    )
    event = models.OneToOneField(Event, models.PROTECT, related_name="+", verbose_name=_("event"))
    revealed_at = models.DateTimeField(_("revealed"), db_default=DatabaseClock(), editable=False)

    class Meta(AppendOnly.Meta):
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        constraints = [models.UniqueConstraint(fields=["commitment", "agency"], name="revealed_once_to_an_agency")]
        triggers = [*AppendOnly.Meta.triggers, time_of_its_event("revealed_at", "AND verb = 'deposit.revealed'")]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.agency_name}"
