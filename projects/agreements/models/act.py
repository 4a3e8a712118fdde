"""Acts of the parties about an instrument beside their signatures: ratification, completion of procedures, notes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.agreements.models.agreement import Agreement
from projects.agreements.models.party import Party


class ActKind(models.TextChoices):
    COMPLETION = "completion", _("Internal procedures complete")
    RATIFICATION = "ratification", _("Ratification, acceptance or approval")
    NOTE = "note", _("Diplomatic note")


class Act(AppendOnly):
    """What a party did, on which day, and under which reference; an act under an earlier text does not count."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="acts")
    text = models.ForeignKey("agreements.TextVersion", models.PROTECT, related_name="acts")
    party = models.ForeignKey(Party, models.PROTECT, related_name="acts")
    kind = models.CharField(_("kind"), max_length=12, choices=ActKind.choices)
    done_on = models.DateField(_("done on"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    words = models.CharField(_("remark"), max_length=500, blank=True)
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    event = models.UUIDField(unique=True)

    class Meta(AppendOnly.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["text", "party", "kind"], name="act_once_per_party")]

    def __str__(self) -> str:
        return f"{self.party} {self.kind}"
