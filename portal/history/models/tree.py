"""The ledger that makes events evidence: leaves, nodes, checkpoints and the keys that signed them."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.history.canonical import instant
from portal.history.models.alarms import Alarm
from portal.history.models.events import Event
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet


class Leaf(AppendOnly):
    """The entry of an event in the ledger: its place, and the hash of its canonical bytes."""

    index = models.BigIntegerField(_("entry"), primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="leaf", verbose_name=_("event"))
    hash = models.BinaryField(_("leaf hash"), max_length=32, unique=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.CheckConstraint(condition=Q(index__gte=0), name="leaf_counts_from_zero")]

    def __str__(self) -> str:
        return str(self.index)

    @property
    def hex(self) -> str:
        return bytes(self.hash).hex()


class Node(AppendOnly):
    """The hash of a complete perfect subtree of 2**level leaves; level 0 is the leaves themselves and stays in Leaf."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField(_("level"))
    index = models.BigIntegerField(_("index"))
    hash = models.BinaryField(_("node hash"), max_length=32)

    class Meta(AppendOnly.Meta):
        verbose_name = _("ledger node")
        verbose_name_plural = _("ledger nodes")
        constraints = [models.CheckConstraint(condition=Q(level__gte=1, index__gte=0), name="node_above_the_leaves")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class SigningKey(AppendOnly):
    """The public half of a key that has signed checkpoints; old keys stay, so that old checkpoints stay verifiable."""

    key_id = models.CharField(_("key id"), max_length=8, primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    public_key = models.BinaryField(_("public key"), max_length=32)
    since = models.DateTimeField(_("first used"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}"


LATELY_SECONDS = 1.0
MOST_SHOWN = 5
_lately: dict[str, tuple[float, Checkpoint | None]] = {}


class CheckpointQuerySet(AppendOnlyQuerySet["Checkpoint"]):
    """Checkpoints in the order in which they were signed."""

    def visible_to(self, actor: Actor) -> CheckpointQuerySet:
        """They hold hashes only: everybody sees all."""
        return self

    def newest(self) -> Checkpoint | None:
        return self.order_by("-number").first()

    def lately(self) -> Checkpoint | None:
        """The newest of a second ago, for the foot of every page; what proves anything asks for `newest`."""
        read_at, checkpoint = _lately.get(self.db, (0.0, None))
        if time.monotonic() - read_at > LATELY_SECONDS:
            read_at, checkpoint = _lately[self.db] = (time.monotonic(), self._with_alarms().newest())
        return checkpoint

    def _with_alarms(self) -> CheckpointQuerySet:
        """With the numbers of the alarms that nobody has explained: one query for both, because every page asks."""
        return self.annotate(
            open_alarms=ArraySubquery(Alarm.objects.unexplained().order_by("pk").values("pk")[:MOST_SHOWN])
        )


class Checkpoint(AppendOnly):
    """The signed state of the whole ledger at one size. `note` is what an agency keeps; the columns only index it."""

    number = models.BigIntegerField(_("checkpoint"), primary_key=True)
    size = models.BigIntegerField(_("entries"), unique=True)
    root = models.BinaryField(_("root hash"), max_length=32)
    at = models.DateTimeField(_("at"))
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+", verbose_name=_("key"))
    signature = models.BinaryField(_("signature"), max_length=64)
    note = models.TextField(_("signed note"))

    objects: ClassVar = CheckpointQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        constraints = [models.CheckConstraint(condition=Q(number__gte=1, size__gte=1), name="checkpoint_of_something")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def hex(self) -> str:
        return bytes(self.root).hex()

    def as_dict(self) -> dict[str, Any]:
        """The checkpoint as the API and its clients know it."""
        return {
            "number": self.number,
            "size": self.size,
            "root": self.hex,
            "at": instant(self.at),
            "key_id": self.key_id,
            "note": self.note,
        }
