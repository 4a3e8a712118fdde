"""How far each person has read a thread."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from agencies.models import Person

from .thread import Thread


class ReadMark(models.Model):
    """How far a person has read a thread; it only moves forward."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    up_to = models.BigIntegerField()

    class Meta:
        verbose_name = _("reading mark")
        verbose_name_plural = _("reading marks")
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.up_to}"

    @classmethod
    def move(cls, *, thread: Thread, person: Person, up_to: int) -> None:
        ReadMark.objects.bulk_create([ReadMark(thread=thread, person=person, up_to=0)], ignore_conflicts=True)
        cls.objects.filter(thread=thread, person=person).update(up_to=Greatest(F("up_to"), up_to))
