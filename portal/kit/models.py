"""The two tables of the kit: counters behind references, and one-time keys."""

from django.conf import settings
from django.db import models


class Counter(models.Model):
    """The last number given for a prefix and a year."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.value}"


class OnceKey(models.Model):
    """The first result of an unsafe request, so that a repeat returns it instead of acting again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="once_key_per_person")]

    def __str__(self) -> str:
        return self.key
