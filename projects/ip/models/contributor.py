"""Contributors: the persons who made an asset, with their parts, each of which its person confirms or denies."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.asset import Asset
from projects.ip.models.disclosure_choices import ContributorRole
from projects.ip.models.ownership import HUNDRED, OwnershipShare


class ContributorStatus(models.TextChoices):
    """What the person has said of the part."""

    ASKED = "asked", _("Not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    DENIED = "denied", _("Denied")
    UNREACHABLE = "unreachable", _("Cannot be reached")


class ContributorQuerySet(models.QuerySet["Contributor"]):
    """Contributors by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the assets that the actor sees, and the parts that the actor is asked about by name."""
        if actor.agency_id is None:
            return self.none()
        of_assets = Asset.objects.visible_to(actor).filter(pk=models.OuterRef("asset"))
        return self.filter(models.Exists(of_assets) | _own(actor))

    def with_asset(self) -> Self:
        shares = OwnershipShare.objects.select_related("agency")
        known = ("asset__project__lead", "asset__party", "asset__contested_by", "person", "agency", "named_for")
        return self.select_related(*known).prefetch_related(models.Prefetch("asset__shares", queryset=shares))


def _own(actor: Actor) -> Q:
    """SECURITY: a person speaks for the agency they were named for; what they do for another one opens nothing here."""
    return Q(person=actor.person, agency=actor.agency_id)


# The lock makes two transactions that name contributors of the same asset take turns, as with owners' shares.
PARTS_SUM_TO_100 = """
    FOREACH checked IN ARRAY ARRAY[OLD.asset_id, NEW.asset_id] LOOP
        PERFORM 1 FROM ip_asset WHERE id = checked FOR NO KEY UPDATE;
        IF FOUND THEN
            SELECT sum(percent) INTO total FROM ip_contributor WHERE asset_id = checked;
            IF total <> 100 THEN
                RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'contributors_sum_to_100',
                    MESSAGE = 'the parts of the contributors of asset ' || checked || ' sum to ' || total || ', not to 100';
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
"""


class Contributor(Record):
    """One person's part in an asset: a member of a participating agency, or somebody outside by name."""

    REF_PREFIX = "CT"
    Role = ContributorRole
    Status = ContributorStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        ContributorStatus.ASKED: {ContributorStatus.CONFIRMED, ContributorStatus.DENIED, ContributorStatus.UNREACHABLE},
        ContributorStatus.CONFIRMED: {ContributorStatus.ASKED, ContributorStatus.DENIED},
        ContributorStatus.DENIED: {ContributorStatus.ASKED, ContributorStatus.CONFIRMED},
        ContributorStatus.UNREACHABLE: {ContributorStatus.ASKED, ContributorStatus.CONFIRMED, ContributorStatus.DENIED},
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        ContributorStatus.ASKED: ("clock", "warn"),
        ContributorStatus.CONFIRMED: ("ok", "good"),
        ContributorStatus.DENIED: ("alert", "bad"),
        ContributorStatus.UNREACHABLE: ("hold", "warn"),
    }

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="contributors", verbose_name=_("asset"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("person")
    )
    agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, verbose_name=_("agency of the person")
    )
    named_for = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("named by"))
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=12, choices=ContributorRole)
    percent = models.DecimalField(
        _("part in percent"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal("0.0001")), MaxValueValidator(HUNDRED)],
    )
    status = models.CharField(
        _("status"), max_length=12, choices=ContributorStatus, default=ContributorStatus.ASKED, editable=False
    )
    said = models.TextField(_("reason"), max_length=2_000, blank=True, editable=False)
    said_at = models.DateTimeField(_("said"), null=True, editable=False)

    objects = ContributorQuerySet.as_manager()

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["-percent", "pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="contributor_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "person"], condition=Q(person__isnull=False), name="contributor_once_per_person"
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="contributor_has_a_part"),
            models.CheckConstraint(
                condition=Q(status="asked", said_at__isnull=True, said="")
                | Q(status="confirmed", said_at__isnull=False, person__isnull=False)
                | Q(status="denied", said_at__isnull=False, person__isnull=False) & ~Q(said="")
                | Q(status="unreachable", said_at__isnull=False) & ~Q(said=""),
                name="contributor_speaks_for_themselves",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="contributors_sum_to_100",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("checked", "bigint"), ("total", "numeric")],
                func=PARTS_SUM_TO_100,
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:part", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of what the person has said."""
        icon, tone = self.LOOK[self.status]
        if self.person_id is None and self.status == ContributorStatus.ASKED:
            return icon, tone, _("Has no account here to confirm it")
        return icon, tone, ContributorStatus(self.status).label

    @property
    def words(self) -> str:
        """`33.3333`, without zeros that say nothing."""
        return f"{self.percent.normalize():f}"

    def move_to(self, status: str, *, said: str = "") -> Self:
        """Take what was said of the part; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status, self.said = status, said
        self.said_at = None if status == ContributorStatus.ASKED else timezone.now()
        return self.bump()
