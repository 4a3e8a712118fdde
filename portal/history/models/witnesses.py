"""Witnesses: the keys that agencies co-sign checkpoints with, what they co-signed, and where checkpoints are mailed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.history.cosignatures import Cosigned, WitnessKey
from portal.history.models.events import DatabaseClock
from portal.history.models.tree import Checkpoint
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet


class WitnessQuerySet(AppendOnlyQuerySet["Witness"]):
    """Keys of witnesses; a key that nobody can see is worth nothing, so that everybody sees all."""

    def visible_to(self, actor: Actor) -> WitnessQuerySet:
        return self.select_related("retirement").order_by("agency_ref", "pk")

    def of(self, agency_ref: str) -> WitnessQuerySet:
        return self.filter(agency_ref=agency_ref)

    def in_use(self) -> WitnessQuerySet:
        return self.filter(retirement=None)

    def with_last_cosigned(self) -> WitnessQuerySet:
        """With the number of the newest checkpoint each has co-signed, None before its first one, and when."""
        newest = Cosignature.objects.filter(witness=models.OuterRef("pk")).order_by("-checkpoint")
        return self.annotate(
            last_number=models.Subquery(newest.values("checkpoint")[:1]),
            last_at=models.Subquery(newest.values("at")[:1]),
        )


class Witness(AppendOnly):
    """An Ed25519 key of an agency. It is never changed: it is retired, and what it co-signed stays verifiable."""

    LOOK: ClassVar[dict[bool, tuple[str, str, str | Promise]]] = {
        True: ("ok", "good", _("Co-signs")),
        False: ("no", "", _("Retired")),
    }

    agency_ref = models.CharField(_("agency"), max_length=32)
    name = models.CharField(_("name"), max_length=120)
    key_id = models.CharField(_("key id"), max_length=8)
    public_key = models.BinaryField(_("public key"), max_length=32, unique=True)
    person_uid = models.UUIDField(_("registered by"))
    at = models.DateTimeField(_("registered"), db_default=DatabaseClock(), editable=False)

    objects: ClassVar = WitnessQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        constraints = [models.UniqueConstraint(fields=["agency_ref", "key_id"], name="witness_once")]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}"

    @property
    def ref(self) -> str:
        return self.key_id

    @property
    def key(self) -> WitnessKey:
        return WitnessKey(self.name, bytes(self.public_key))

    @property
    def verifier(self) -> str:
        return self.key.verifier

    @property
    def is_in_use(self) -> bool:
        return not hasattr(self, "retirement")

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        return self.LOOK[self.is_in_use]


class Retirement(AppendOnly):
    """From here on the key co-signs nothing."""

    witness = models.OneToOneField(Witness, models.PROTECT, primary_key=True, related_name="retirement")
    person_uid = models.UUIDField(_("retired by"))
    at = models.DateTimeField(_("retired"), db_default=DatabaseClock(), editable=False)

    class Meta(AppendOnly.Meta):
        verbose_name = _("retirement of a witness")
        verbose_name_plural = _("retirements of witnesses")

    def __str__(self) -> str:
        return str(self.pk)


class CosignatureQuerySet(AppendOnlyQuerySet["Cosignature"]):
    """Co-signatures, which everybody may read."""

    def on(self, checkpoint: Checkpoint) -> CosignatureQuerySet:
        return self.filter(checkpoint=checkpoint).select_related("witness").order_by("pk")

    def newest_checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint that anybody has co-signed."""
        number = self.order_by("-checkpoint").values("checkpoint")[:1]
        return Checkpoint.objects.filter(pk=models.Subquery(number)).first()


class Cosignature(AppendOnly):
    """A witness saw this checkpoint and signed it. `note` is what was signed: the checkpoint's row can be rewritten."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT, related_name="cosignatures")
    time = models.BigIntegerField(_("seconds since 1970 that the witness signed"))
    signature = models.BinaryField(_("signature"), max_length=64)
    note = models.TextField(_("signed note"))
    at = models.DateTimeField(_("received"), db_default=DatabaseClock(), editable=False)

    objects: ClassVar = CosignatureQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("co-signature")
        verbose_name_plural = _("co-signatures")
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosigned_once")]

    def __str__(self) -> str:
        return f"{self.witness_id} {self.checkpoint_id}"

    @property
    def ref(self) -> str:
        return str(self.checkpoint_id)

    @property
    def line(self) -> str:
        """The line that is appended to the note."""
        return str(Cosigned(self.witness.key, self.time, bytes(self.signature)))


class Mailing(models.Model):
    """Where an agency has new checkpoints mailed, and the last one that was."""

    agency_ref = models.CharField(_("agency"), max_length=32, primary_key=True)
    addresses = ArrayField(models.EmailField(), verbose_name=_("addresses"), default=list)
    last_number = models.BigIntegerField(_("last checkpoint mailed"), default=0)

    class Meta:
        verbose_name = _("mailing of checkpoints")
        verbose_name_plural = _("mailings of checkpoints")

    def __str__(self) -> str:
        return self.agency_ref
