"""Deposits: what an agency proves to have had by a certain time, without showing it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.files.markings import Marked, numbered_control
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.commitment import Commitment, CommitmentState, Reveal
from projects.models import Project

KEEPERS = (Role.IP_MANAGER, Role.ADMINISTRATOR)


class DepositQuerySet(models.QuerySet["Deposit"]):
    """Deposits by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Who deposited it, the keepers and export officers of that agency, and the keepers of those it was revealed to."""
        if actor.agency_id is None or actor.person is None:
            return self.none()
        own = Q(agency=actor.agency_id)
        if not actor.has_role(*KEEPERS, Role.EXPORT_OFFICER):
            return self.filter(own, person=actor.person)
        if not actor.has_role(*KEEPERS):
            return self.filter(own)
        shown = Reveal.objects.filter(agency=actor.agency_id, commitment__deposit=OuterRef("pk"))
        return self.filter(own | Exists(shown))

    def with_versions(self, actor: Actor) -> Self:
        """Read the versions that the actor sees, the newest first, and where each stands: three queries for all rows."""
        versions = Commitment.objects.visible_to(actor).with_state().order_by("-number")
        own = Case(When(agency=actor.agency_id, then=True), default=False, output_field=models.BooleanField())
        known = self.annotate(is_own=own).select_related("agency", "person", "project__lead")
        return known.prefetch_related(Prefetch("commitments", queryset=versions, to_attr="versions"))


class Deposit(Marked, Record):
    """One work in its versions. Only what may change is here; each version is a commitment, which is evidence."""

    REF_PREFIX = "D"
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        CommitmentState.RECORDED: ("ring", "info"),
        CommitmentState.SEALED: ("seal", "good"),
        CommitmentState.STAMPED: ("clock", "good"),
        CommitmentState.STAMP_FAILED: ("alert", "warn"),
    }

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="deposits", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=300, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("deposited by"), editable=False
    )
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="deposits", null=True, blank=True, verbose_name=_("project")
    )
    about = models.CharField(
        _("asset"), max_length=32, blank=True, help_text=_("The asset that it is about, for example IP-2026-0004.")
    )
    label = models.CharField(
        _("name in your list"),
        max_length=200,
        blank=True,
        help_text=_("The portal keeps this. Leave it empty or neutral if even the name is confidential."),
    )
    notes = models.TextField(
        _("notes"),
        max_length=4_000,
        blank=True,
        help_text=_("For your own agency, for example where the opening is kept."),
    )

    objects = DepositQuerySet.as_manager()

    class Meta:
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["agency", "-created_at", "-id"], name="deposit_of_agency"),
            models.Index(fields=["project", "-created_at", "-id"], name="deposit_of_project"),
        ]
        constraints = [numbered_control("deposit")]

    def get_absolute_url(self) -> str:
        return reverse("ip:deposit", args=[self.ref])

    @property
    def newest(self) -> Commitment:
        """The last version that the reader sees; read from the rows already fetched where there are any."""
        versions = getattr(self, "versions", None)
        return versions[0] if versions else self.commitments.with_state().order_by("-number")[0]

    @property
    def name(self) -> str:
        """What pages call it; the label belongs to its own agency."""
        label = self.label if getattr(self, "is_own", True) else ""
        return label or gettext("Deposit %(ref)s") % {"ref": self.ref}

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where the newest version stands."""
        return look_of(self.newest)


def look_of(commitment: Commitment) -> tuple[str, str, str | Promise]:
    icon, tone = Deposit.LOOK[commitment.state]
    return icon, tone, commitment.state_words
