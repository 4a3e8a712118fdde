"""What holds from one day to another: the days people say, and the exact instants they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import zones
from portal.kit.records import Record


def holds(at: datetime, prefix: str = "") -> Q:
    """The one condition for being in force at an instant: begun, and not over. `prefix` is a path such as `membership__`."""
    over = f"{prefix}over_at"
    return Q(**{f"{prefix}begins_at__lte": at}) & (Q(**{over: None}) | Q(**{f"{over}__gt": at}))


class Dated(Record):
    """A record of an agency with a first and a last day, both counted in the agency's zone, that can be cut short.

    `begins_at` and `over_at` are those days as instants: it holds from the first up to, not including, the second.
    """

    CUT_FIELD: ClassVar[str]

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    begins_at = models.DateTimeField(editable=False)
    over_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def days_in_order(name: str) -> models.CheckConstraint:
        return models.CheckConstraint(
            condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            name=name,
            violation_error_message=_("The last day is before the first."),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fix_instants()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "begins_at", "over_at"}
        super().save(*args, **kwargs)

    def fix_instants(self) -> Self:
        """Work out the exact instants; needed again when the agency's zone changes."""
        zone = self.agency.zone  # type: ignore[attr-defined]
        ends = zones.end_of(self.ends_on, zone) if self.ends_on else None
        cut = getattr(self, self.CUT_FIELD)
        self.begins_at = zones.start_of(self.starts_on, zone)
        self.over_at = min((instant for instant in (ends, cut) if instant), default=None)
        return self

    def holds_at(self, at: datetime) -> bool:
        return self.begins_at <= at and (self.over_at is None or self.over_at > at)

    def clean(self) -> None:
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first.")})

    @property
    def is_live(self) -> bool:
        return self.holds_at(timezone.now())

    @property
    def is_ahead(self) -> bool:
        return self.begins_at > timezone.now()


class DatedQuerySet(models.QuerySet):
    """Rows by whether they hold."""

    def holding(self, at: datetime | None = None) -> Self:
        return self.filter(holds(at or timezone.now()))
