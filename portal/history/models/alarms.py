"""Alarms: a checkpoint that was signed and that the ledger does not grow from any more, and what operators say of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.history.models.events import DatabaseClock
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet


class Misfit(models.TextChoices):
    """What is wrong with the ledger."""

    REWRITTEN = "rewritten", _("History was rewritten")
    CUT = "cut", _("History was cut")
    BROKEN = "broken", _("The ledger contradicts itself")


class AlarmQuerySet(AppendOnlyQuerySet["Alarm"]):
    """Alarms, which everybody may read."""

    def visible_to(self, actor: Actor) -> AlarmQuerySet:
        return self.select_related("explanation")

    def unexplained(self) -> AlarmQuerySet:
        return self.filter(explanation=None)

    def newest_first(self) -> AlarmQuerySet:
        return self.order_by("-pk")


class Alarm(AppendOnly):
    """Proof that the ledger is not what it was. It stays for ever, and is red on every page until it is explained."""

    kind = models.CharField(_("kind"), max_length=12, choices=Misfit)
    digest = models.CharField(_("what it is about"), max_length=64, unique=True)
    note = models.TextField(_("the checkpoint that does not fit"), blank=True)
    place = models.CharField(_("where"), max_length=200)
    problem = models.CharField(_("what was found"), max_length=500)
    found_for = models.CharField(_("agency that showed it"), max_length=32, blank=True)
    at = models.DateTimeField(_("found"), db_default=DatabaseClock(), editable=False)

    objects: ClassVar = AlarmQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("alarm of the ledger")
        verbose_name_plural = _("alarms of the ledger")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Misfit.values), name="alarm_of_a_known_kind"),
            models.CheckConstraint(condition=Q(kind=Misfit.BROKEN) | ~Q(note=""), name="alarm_shows_its_checkpoint"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        return f"LA-{self.pk}"

    @property
    def is_open(self) -> bool:
        return not hasattr(self, "explanation")

    @property
    def kind_name(self) -> str | Promise:
        return Misfit(self.kind).label


class Explanation(AppendOnly):
    """What an operator says publicly about an alarm; it takes the red away, never the alarm."""

    alarm = models.OneToOneField(Alarm, models.PROTECT, primary_key=True, related_name="explanation")
    text = models.TextField(_("explanation"), max_length=4000)
    person_uid = models.UUIDField(_("operator"))
    at = models.DateTimeField(_("at"), db_default=DatabaseClock(), editable=False)

    class Meta(AppendOnly.Meta):
        verbose_name = _("explanation of an alarm")
        verbose_name_plural = _("explanations of alarms")

    def __str__(self) -> str:
        return str(self.pk)
