"""Title: notices that a share will pass to somebody else, what others say of them, and the chain of owners."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
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
from projects.ip.models.ownership import HUNDRED

SHA256 = RegexValidator(r"\A[0-9a-f]{64}\Z", _("Give the SHA-256 of the document: 64 hexadecimal digits."))


class TransferStatus(models.TextChoices):
    """Where a transfer stands."""

    NOTICED = "noticed", _("Notice is running")
    HELD = "held", _("Held by an objection")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TitleTransferQuerySet(models.QuerySet["TitleTransfer"]):
    """Transfers by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Exists(Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))))

    def open(self) -> Self:
        return self.filter(status__in=[TransferStatus.NOTICED, TransferStatus.HELD])

    def with_asset(self) -> Self:
        known = ("asset__project__lead", "asset__party", "asset__contested_by", "from_agency", "to_agency")
        answers = TransferAnswer.objects.select_related("agency").order_by("pk")
        return self.select_related(*known).prefetch_related(models.Prefetch("answers", queryset=answers))


class TitleTransfer(Record):
    """An owner's notice that its share, or a part of it, will belong to somebody else."""

    REF_PREFIX = "TT"
    Status = TransferStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        TransferStatus.NOTICED: {TransferStatus.HELD, TransferStatus.COMPLETED, TransferStatus.WITHDRAWN},
        TransferStatus.HELD: {TransferStatus.NOTICED, TransferStatus.WITHDRAWN},
        TransferStatus.COMPLETED: set(),
        TransferStatus.WITHDRAWN: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        TransferStatus.NOTICED: ("clock", "info"),
        TransferStatus.HELD: ("hold", "warn"),
        TransferStatus.COMPLETED: ("ok", "good"),
        TransferStatus.WITHDRAWN: ("undo", ""),
    }

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="transfers", verbose_name=_("asset"))
    from_agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("from"))
    from_name = models.CharField(_("name of the owner then"), max_length=200)
    to_agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("to")
    )
    to_name = models.CharField(_("recipient"), max_length=200)
    percent = models.DecimalField(
        _("share in percent"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(HUNDRED)],
    )
    reason = models.TextField(_("what the others should know"), max_length=2_000, blank=True)
    days = models.PositiveIntegerField(_("days of notice"))
    source = models.CharField(_("source of the days"), max_length=300, blank=True)
    ends_at = models.DateTimeField(_("notice runs until"))
    status = models.CharField(
        _("status"), max_length=10, choices=TransferStatus, default=TransferStatus.NOTICED, editable=False
    )
    document_hash = models.CharField(_("SHA-256 of the deed"), max_length=64, blank=True, validators=[SHA256])
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects = TitleTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer of a share")
        verbose_name_plural = _("transfers of shares")
        ordering = ["pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="transfer_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "from_agency"],
                condition=Q(status__in=["noticed", "held"]),
                name="transfer_one_at_a_time",
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="transfer_is_of_a_part"),
            models.CheckConstraint(condition=~Q(to_name=""), name="transfer_names_its_recipient"),
            models.CheckConstraint(
                condition=Q(status__in=["noticed", "held"], closed_at__isnull=True)
                | Q(status__in=["completed", "withdrawn"], closed_at__isnull=False),
                name="transfer_closing_is_dated",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:transfer", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where it stands."""
        icon, tone = self.LOOK[self.status]
        if self.status == TransferStatus.NOTICED and self.is_over:
            return "here", "info", _("Notice has run; can be completed")
        return icon, tone, TransferStatus(self.status).label

    @property
    def words(self) -> str:
        return f"{self.percent.normalize():f}"

    @property
    def is_over(self) -> bool:
        """Whether the notice has run."""
        return timezone.now() >= self.ends_at

    @property
    def is_open(self) -> bool:
        return self.status in (TransferStatus.NOTICED, TransferStatus.HELD)

    def standing_answers(self) -> dict[int, TransferAnswer]:
        """The last word of each agency; read from the rows already fetched."""
        return {answer.agency_id: answer for answer in sorted(self.answers.all(), key=lambda answer: answer.pk)}

    @property
    def objections(self) -> list[TransferAnswer]:
        return [answer for answer in self.standing_answers().values() if not answer.consents]

    def move_to(self, status: str, **facts: object) -> Self:
        """Take a step; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status = status
        if not self.is_open:
            self.closed_at = timezone.now()
        for name, value in facts.items():
            setattr(self, name, value)
        return self.bump()


class TransferAnswer(AppendOnly):
    """What a party says of a transfer: it consents, or objects with its reason; the last word counts."""

    transfer = models.ForeignKey(TitleTransfer, models.PROTECT, related_name="answers", verbose_name=_("transfer"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    consents = models.BooleanField(_("consents"))
    reason = models.TextField(_("reason"), max_length=2_000, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("answer to a transfer")
        verbose_name_plural = _("answers to transfers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consents=True) | ~Q(reason=""), name="transfer_objection_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.consents}"


class TitleKind(models.TextChoices):
    """How an owner came to a share."""

    ENTERED = "entered", _("Entered in the register")
    SHARES_SET = "shares_set", _("Shares set anew")
    TRANSFERRED = "transferred", _("Transferred")


class TitleEntry(AppendOnly):
    """One link of the chain of title, written once: from whom, to whom, which share, when, under which document."""

    Kind = TitleKind

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="title_entries", verbose_name=_("asset"))
    kind = models.CharField(_("how"), max_length=12, choices=TitleKind)
    from_name = models.CharField(_("from"), max_length=200, blank=True)
    to_name = models.CharField(_("to"), max_length=200)
    from_ref = models.CharField(_("agency it came from"), max_length=32, blank=True)
    to_ref = models.CharField(_("agency it went to"), max_length=32, blank=True)
    percent = models.DecimalField(_("percent"), max_digits=7, decimal_places=4)
    on = models.DateField(_("on"))
    transfer = models.ForeignKey(TitleTransfer, models.PROTECT, related_name="+", null=True, verbose_name=_("transfer"))
    document_hash = models.CharField(_("SHA-256 of the deed"), max_length=64, blank=True)
    at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("entry of title")
        verbose_name_plural = _("entries of title")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.to_name} {self.words}"

    @property
    def words(self) -> str:
        return f"{self.percent.normalize():f}"
