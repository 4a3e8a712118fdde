"""Two tables, as small as a list page can have: groups that people are members of, and their entries."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Team(models.Model):
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL)

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    ref = models.CharField(max_length=20, unique=True)
    team = models.ForeignKey(Team, models.CASCADE)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=400)
    status = models.CharField(max_length=10, choices=Status)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["team", "-created_at", "-id"], name="entry_of_team")]

    def __str__(self) -> str:
        return self.ref
