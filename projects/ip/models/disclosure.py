"""Invention disclosures: what somebody says they made, where it stands, and who may read how much of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.zones import today
from portal.files.markings import Marked, numbered_control
from portal.kit.actors import Actor
from portal.kit.lines import line_errors
from portal.kit.records import Record
from projects.ip.places import Place
from projects.models import Participation, Project

from .disclosure_choices import AFTER_DECISION, LOOK, TRANSITIONS, Decision, Effort, Reach
from .disclosure_choices import DisclosureStatus as Status

# A draft may stand at any sum; what goes to the contributors, and everything after it, is whole. The row lock makes two
# transactions that change the parts of one disclosure take turns, as it does for the owners of an asset.
PARTS = [("checked", "bigint"), ("total", "numeric"), ("stands", "text"), ("seals", "bigint")]
PARTS_SUM_TO_100 = """
    SELECT status, sealed_number INTO stands, seals FROM ip_disclosure WHERE id = checked FOR NO KEY UPDATE;
    IF FOUND AND stands <> 'draft' AND NOT (stands = 'closed' AND seals = 0) THEN
        SELECT coalesce(sum(percent), 0) INTO total FROM ip_disclosurecontributor WHERE disclosure_id = checked;
        IF total <> 100 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'parts_sum_to_100',
                MESSAGE = 'the parts in disclosure ' || checked || ' sum to ' || total || ', not to 100';
        END IF;
    END IF;
"""


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Disclosures by who may know of them, and how much."""

    def known_to(self, actor: Actor) -> Self:
        """Those the actor may know of, each with how much of it they may read (`reach`), and which version is shared."""
        if actor.agency_id is None or actor.person is None:
            return self.none()
        from .disclosure_reach import reach_of, shared_number

        return self.annotate(reach=reach_of(actor), shared_number=shared_number(actor)).exclude(reach="")

    def visible_to(self, actor: Actor) -> Self:
        """Those whose content or marking the actor sees; the pages of disclosures ask `known_to` and say how much."""
        return self.known_to(actor).filter(reach__in=[Reach.WHOLE, Reach.SEALED, Reach.MARKING])

    def sealed(self) -> Self:
        return self.filter(sealed_number__gt=0)

    def undecided(self) -> Self:
        """Sealed, and nobody has decided what becomes of them; also while a new version is written."""
        return self.sealed().exclude(status__in=[Status.DECIDED, *AFTER_DECISION])

    def protect_pending(self) -> Self:
        """Decided to be filed, and not filed yet."""
        return self.filter(status=Status.DECIDED, decision=Decision.FILE)

    def with_project(self) -> Self:
        """Read what the policies ask: the project with its participations, the people, and the contributors."""
        from .disclosure_contributor import DisclosureContributor

        taking_part = Participation.objects.select_related("agency").order_by("role", "pk")
        people = DisclosureContributor.objects.select_related("person", "agency").order_by("position", "pk")
        known = self.select_related("project__lead", "agency", "filer", "witness", "decided_by")
        return known.prefetch_related(
            models.Prefetch("project__participations", queryset=taking_part),
            models.Prefetch("contributors", queryset=people),
        )

    def with_enclosures(self) -> Self:
        """Read what belongs to a disclosure and is shown with it."""
        return self.select_related("triage__answered_by").prefetch_related(
            "background",
            "results",
            "public_dates",
            "files__file",
            "filings",
            "versions__countersignature",
            "reports__agency",
            "shared__agency",
            "offers__agency",
            "offers__person",
        )

    def with_next_day(self) -> Self:
        """Say of each on which day it is to become public next (`public_on`), for lists."""
        from .disclosure_enclosure import PublicDate

        days = PublicDate.objects.filter(disclosure=OuterRef("pk"), on__gte=timezone.now().date()).order_by("on")
        return self.annotate(public_on=models.Subquery(days.values("on")[:1]))

    def with_reported(self, actor: Actor) -> Self:
        """Say of each since when the actor's agency knows of it (`reported_at`)."""
        from .disclosure_notice import DisclosureReport

        told = DisclosureReport.objects.filter(disclosure=OuterRef("pk"), agency=actor.agency_id)
        return self.annotate(reported_at=models.Subquery(told.values("at")[:1]))


class Disclosure(Marked, Record):
    """What one agency's people say they invented in a project."""

    REF_PREFIX = "ID"
    Status = Status
    Decision = Decision
    TRANSITIONS: ClassVar[dict[str, set[str]]] = TRANSITIONS
    LOOK: ClassVar[dict[str, tuple[str, str]]] = LOOK

    project = models.ForeignKey(Project, models.PROTECT, related_name="disclosures", verbose_name=_("project"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="disclosures", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200, editable=False)
    filer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    title = models.CharField(
        _("title"),
        max_length=200,
        help_text=_("Names it without giving it away: contributors of other agencies read the title before the rest."),
    )
    abstract = models.TextField(
        _("abstract"), max_length=4_000, blank=True, help_text=_("What it is and does, in a paragraph.")
    )
    problem = models.TextField(_("problem and objective"), max_length=10_000, blank=True)
    novelty = models.TextField(
        _("what is new"),
        max_length=10_000,
        blank=True,
        help_text=_("Against what was known before: the nearest thing you know of, and the difference."),
    )
    description = models.TextField(
        _("full description"),
        max_length=60_000,
        blank=True,
        help_text=_("So that a competent person could make it. Read by those who need to know, nobody else."),
    )
    effort = models.CharField(_("effort"), max_length=8, choices=Effort, blank=True)
    conceived_on = models.DateField(_("conceived on, as claimed"), null=True, blank=True)
    reduced_on = models.DateField(_("reduced to practice on"), null=True, blank=True)
    made_in = models.CharField(_("made in"), max_length=2, blank=True)
    made_element = models.CharField(
        _("or in an element of a spacecraft"), max_length=120, blank=True, help_text=_("For example Kibo.")
    )
    made_registry = models.CharField(_("state of registry of the element"), max_length=2, blank=True)
    funding = models.CharField(_("funding"), max_length=500, blank=True, help_text=_("Contracts, grants, own means."))
    agreement_ref = models.CharField(_("made under the agreement"), max_length=32, blank=True)
    background = models.ManyToManyField(
        "ip.Asset", related_name="+", blank=True, verbose_name=_("background relied on")
    )
    results = models.ManyToManyField("ip.Asset", related_name="+", blank=True, verbose_name=_("results fed"))
    filing_days = models.PositiveSmallIntegerField(
        _("days that a filing takes"),
        default=30,
        validators=[MaxValueValidator(730)],
        help_text=_("From the decision to the filing. The publication alarm counts with it."),
    )

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    sealed_number = models.PositiveIntegerField(_("sealed versions"), default=0, editable=False)
    first_sealed_at = models.DateTimeField(_("first sealed"), null=True, editable=False)
    revision_reason = models.TextField(_("why there is a new version"), max_length=2_000, blank=True, editable=False)
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("witness")
    )
    report_due_at = models.DateTimeField(_("to be reported by"), null=True, editable=False)
    report_alarmed_at = models.DateTimeField(_("report overdue since, as told"), null=True, editable=False)
    alarmed_for = models.DateField(_("publication that the alarm rang for"), null=True, editable=False)
    evaluation = models.TextField(_("evaluation"), max_length=20_000, blank=True, editable=False)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision, blank=True, editable=False)
    decision_reason = models.TextField(_("reason of the decision"), max_length=10_000, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    closing_note = models.TextField(_("closing note"), max_length=4_000, blank=True, editable=False)

    objects = DisclosureQuerySet.as_manager()
    reach = ""
    shared_number: int | None = None

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["project", "-created_at", "-id"], name="disclosure_in_project"),
            models.Index(fields=["agency", "-created_at", "-id"], name="disclosure_of_agency"),
        ]
        constraints = [
            numbered_control("disclosure"),
            models.CheckConstraint(condition=~Q(title=""), name="disclosure_has_a_title"),
            models.CheckConstraint(
                condition=Q(sealed_number=0, first_sealed_at__isnull=True)
                | Q(sealed_number__gt=0, first_sealed_at__isnull=False),
                name="disclosure_sealed_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "confirming", "closed"]) | Q(sealed_number__gt=0),
                name="disclosure_judged_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["decided", "filed", "tracked"], decided_at__isnull=False)
                & ~Q(decision="")
                & ~Q(decision_reason="")
                | Q(
                    status__in=["draft", "confirming", "sealed", "triage", "evaluating"],
                    decided_at__isnull=True,
                    decision="",
                )
                | Q(status="closed"),
                name="disclosure_decision_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="parts_sum_to_100",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=PARTS,
                func=f"checked := NEW.id; {PARTS_SUM_TO_100} RETURN NULL;",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:disclosure", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where it stands."""
        icon, tone = self.LOOK[self.status]
        if self.status in (Status.DRAFT, Status.CONFIRMING) and self.sealed_number:
            return icon, tone, _("New version under way")
        return icon, tone, Status(self.status).label

    @property
    def is_sealed(self) -> bool:
        """Whether a version of it is in the ledger."""
        return self.sealed_number > 0

    @property
    def place(self) -> Place:
        return Place(self.made_in, self.made_element, self.made_registry)

    @property
    def today(self) -> date:
        """The day at the seat of the disclosing agency."""
        return today(self.agency.zone)

    @property
    def is_report_overdue(self) -> bool:
        """Read from the clock, so that a late job changes nothing."""
        return self.report_due_at is not None and self.report_due_at <= timezone.now()

    @property
    def report_last_moment(self) -> datetime | None:
        """The last second of the last day to report it, which is how a deadline is shown."""
        return self.report_due_at - timedelta(seconds=1) if self.report_due_at is not None else None

    def clean(self) -> None:
        errors: dict[str, Any] = line_errors(self, "title", "funding", "made_element")
        errors |= self.place.complaints("made_in", "made_element", "made_registry")
        if self.conceived_on and self.conceived_on > self.today:
            errors["conceived_on"] = [_("That day has not come yet.")]
        if self.reduced_on and self.reduced_on > self.today:
            errors["reduced_on"] = [_("That day has not come yet.")]
        if self.conceived_on and self.reduced_on and self.reduced_on < self.conceived_on:
            errors.setdefault("reduced_on", []).append(_("It was reduced to practice after it was conceived."))
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Nothing here: clean() says what people get wrong; the database refuses the rest."""

    def move_to(self, status: str) -> Self:
        """Take a step; the caller saves. ValueError for one that is none."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status = status
        return self.bump()
