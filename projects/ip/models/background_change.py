"""Narrowing of background that an agreement in force covers: proposed, answered by the others, then in effect."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly
from portal.kit.records import Record
from projects.ip.models.asset import Asset


class ChangeKind(models.TextChoices):
    """How access becomes narrower."""

    WITHDRAW = "withdraw", _("Take it off the list")
    EXCLUDE = "exclude", _("Put it on the negative list")
    LIMIT = "limit", _("Limit its use")


class ChangeRule(models.TextChoices):
    """What lets it take effect."""

    CONSENT = "consent", _("Consent of every other party")
    NOTICE = "notice", _("Notice")


class ChangeStatus(models.TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("Proposed")
    EFFECTIVE = "effective", _("In effect")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BackgroundChangeQuerySet(models.QuerySet["BackgroundChange"]):
    """Proposals by who may know of them and whether they are due."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Exists(Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))))

    def open(self) -> Self:
        return self.filter(status=ChangeStatus.PROPOSED)

    def announced(self) -> Self:
        """Those that take effect by themselves when their notice has run."""
        return self.open().filter(rule=ChangeRule.NOTICE)

    def by_consent(self) -> Self:
        """Those that wait for the consent of the others."""
        return self.open().filter(rule=ChangeRule.CONSENT)

    def bearing_on(self, since: datetime) -> Self:
        """What answers about this instant and later ones rest on: notices, and what was written down after it."""
        announced = Q(status=ChangeStatus.PROPOSED, rule=ChangeRule.NOTICE)
        return self.filter(announced | Q(status=ChangeStatus.EFFECTIVE, closed_at__gt=since))

    def due(self) -> Self:
        """Those by notice whose notice has run."""
        return self.announced().filter(ends_at__lte=timezone.now())

    def with_asset(self) -> Self:
        answers = BackgroundAnswer.objects.select_related("agency").order_by("pk")
        known = self.select_related("asset__project__lead", "asset__party", "asset__contested_by", "agency")
        return known.prefetch_related(models.Prefetch("answers", queryset=answers))


class BackgroundChange(Record):
    """A party wants to narrow the access to something of its background."""

    REF_PREFIX = "BC"
    Status = ChangeStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        ChangeStatus.PROPOSED: {ChangeStatus.EFFECTIVE, ChangeStatus.REFUSED, ChangeStatus.WITHDRAWN},
        ChangeStatus.EFFECTIVE: set(),
        ChangeStatus.REFUSED: set(),
        ChangeStatus.WITHDRAWN: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        ChangeStatus.PROPOSED: ("clock", "warn"),
        ChangeStatus.EFFECTIVE: ("ok", "good"),
        ChangeStatus.REFUSED: ("no", "bad"),
        ChangeStatus.WITHDRAWN: ("undo", ""),
    }

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="changes", verbose_name=_("asset"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    kind = models.CharField(_("what changes"), max_length=10, choices=ChangeKind)
    limits_implementation = models.TextField(_("limits on use for the project"), max_length=4_000, blank=True)
    limits_exploitation = models.TextField(_("limits on use afterwards"), max_length=4_000, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000)
    rule = models.CharField(_("takes effect by"), max_length=8, choices=ChangeRule)
    agreement = models.CharField(_("agreement"), max_length=32)
    source = models.CharField(_("where it is agreed"), max_length=300)
    days = models.PositiveIntegerField(_("days"))
    ends_at = models.DateTimeField(_("until"))
    status = models.CharField(
        _("status"), max_length=10, choices=ChangeStatus, default=ChangeStatus.PROPOSED, editable=False
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    # By field of the entry, for what is asked about the time before.
    replaced = models.JSONField(_("what the register said before"), default=dict, editable=False)

    objects = BackgroundChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of background")
        verbose_name_plural = _("changes of background")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="change_newest_first"),
            models.Index(fields=["ends_at"], condition=Q(status="proposed"), name="change_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(status="proposed"), name="change_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(status="proposed", closed_at__isnull=True)
                | ~Q(status="proposed") & Q(closed_at__isnull=False),
                name="change_closing_is_dated",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:background-change", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where it stands; a notice that has run counts from its last instant."""
        icon, tone = self.LOOK[self.status]
        if self.is_in_effect and self.status == ChangeStatus.PROPOSED:
            return (*self.LOOK[ChangeStatus.EFFECTIVE], ChangeStatus.EFFECTIVE.label)
        return icon, tone, ChangeStatus(self.status).label

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.ends_at

    @property
    def is_in_effect(self) -> bool:
        """Whether it counts, also while the job that writes it down is late."""
        by_notice = self.status == ChangeStatus.PROPOSED and self.rule == ChangeRule.NOTICE and self.is_over
        return self.status == ChangeStatus.EFFECTIVE or by_notice

    @property
    def counts_from(self) -> datetime | None:
        """The instant from which on it counts: the end of its notice, or the last consent."""
        return self.ends_at if self.rule == ChangeRule.NOTICE else self.closed_at

    def standing_answers(self) -> dict[int, BackgroundAnswer]:
        """The last word of each party; read from the rows already fetched."""
        return {answer.agency_id: answer for answer in sorted(self.answers.all(), key=lambda answer: answer.pk)}

    def move_to(self, status: str) -> Self:
        """Close the proposal; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status, self.closed_at = status, timezone.now()
        return self.bump()


class BackgroundAnswer(AppendOnly):
    """What another party says of the proposal; the last word counts."""

    change = models.ForeignKey(BackgroundChange, models.PROTECT, related_name="answers", verbose_name=_("change"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    consents = models.BooleanField(_("consents"))
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("answer to a change of background")
        verbose_name_plural = _("answers to changes of background")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consents=True) | ~Q(reason=""), name="background_refusal_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.consents}"
