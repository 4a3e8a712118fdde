"""A project from its first draft to its end: what it is about, where it stands, who may know of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from agencies import taxonomy
from agencies.models import Marking, SharingQuerySet
from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.composition import load
from portal.kit.lines import line_errors
from portal.kit.records import Record
from projects.models.choices import Audience, Destination, Mode, Status
from projects.models.inside import inside
from projects.models.participation import Participation

if TYPE_CHECKING:
    from agencies.models import Agency


class ProjectQuerySet(SharingQuerySet):
    """Projects by who may know of them and where they stand."""

    def inside_for(self, actor: Actor) -> Self:
        """Projects whose inside (partners, terms, agreements, IP, threads) this actor may read.

        Their agency takes part, and they see all of its projects by role or are on the team of this one.
        """
        return self.filter(inside(actor))

    def visible_to(self, actor: Actor) -> Self:
        """Projects the actor may know of: those they are inside of, and the open ones (their overview)."""
        open_to = [Audience.PUBLIC]
        if actor.agency is not None and actor.agency.is_verified:
            open_to.append(Audience.VERIFIED)
        return self.filter(Q(inside(actor)) | Q(audience__in=open_to, status__in=Project.OPEN))

    def under_way(self) -> Self:
        """Neither ended nor turned down."""
        return self.exclude(status__in=Project.ENDED)

    def led_by(self, agency: Agency | int) -> Self:
        return self.filter(lead=agency)

    def partnered_by(self, agency: Agency | int) -> Self:
        """Projects that another agency leads and this one takes part in."""
        partner = Participation.objects.still_in().filter(agency=agency, role=Participation.Role.PARTNER)
        return self.filter(Exists(partner.filter(project=OuterRef("pk"))))

    def without(self, agency: Agency | int) -> Self:
        """Projects in which the agency takes no part."""
        return self.exclude(Exists(Participation.objects.still_in().filter(agency=agency, project=OuterRef("pk"))))

    def matching(self, words: str, actor: Actor) -> Self:
        """Found by title, reference or lead; by partner only where the actor may know the partners."""
        here = {"project": OuterRef("pk")}
        partner = Participation.objects.still_in().filter(agency__acronym__iexact=words, **here)
        known = Q(inside(actor)) & Exists(partner)
        named = Q(title__icontains=words) | Q(ref__iexact=words) | Q(lead__acronym__iexact=words)
        return self.filter(named | known)

    def with_inside(self, actor: Actor) -> Self:
        """Say of each project whether the actor reads its inside (`is_inside`)."""
        return self.annotate(is_inside=inside(actor))

    def with_agencies(self) -> Self:
        """Read the lead and every participation with its agency: two more queries, whatever the number of rows."""
        return self.prefetch_related("participations").sharing_agencies("lead", "participations__agency")

    def with_teams(self) -> Self:
        """Read the lead, every participation with its agency, and the people of its team: one more query."""
        participations = Participation.objects.select_related("agency").with_people()
        return self.select_related("lead").prefetch_related(models.Prefetch("participations", queryset=participations))


class Project(Record):
    """Joint work of several agencies, led by one of them."""

    REF_PREFIX = "P"
    Status = Status
    TRANSITIONS: dict[str, set[str]] = {
        Status.DRAFT: {Status.PROPOSED, Status.WITHDRAWN},
        Status.PROPOSED: {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN},
        Status.ACCEPTED: {Status.PROPOSED, Status.ACTIVE, Status.WITHDRAWN},
        Status.ACTIVE: {Status.SUSPENDED, Status.COMPLETED, Status.CANCELLED},
        Status.SUSPENDED: {Status.ACTIVE, Status.COMPLETED, Status.CANCELLED},
        Status.COMPLETED: set(),
        Status.DECLINED: {Status.PROPOSED, Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
        Status.CANCELLED: set(),
    }
    LOOK: dict[str, tuple[str, str]] = {
        Status.DRAFT: ("ring", ""),
        Status.PROPOSED: ("ring", "info"),
        Status.ACCEPTED: ("here", "info"),
        Status.ACTIVE: ("ok", "good"),
        Status.SUSPENDED: ("hold", "warn"),
        Status.COMPLETED: ("ok", ""),
        Status.DECLINED: ("no", "bad"),
        Status.WITHDRAWN: ("no", ""),
        Status.CANCELLED: ("no", "bad"),
    }
    OPEN = (Status.PROPOSED, Status.ACCEPTED, Status.ACTIVE, Status.SUSPENDED, Status.COMPLETED)
    ENDED = (Status.COMPLETED, Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED)
    BEFORE_START = (Status.DRAFT, Status.PROPOSED, Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN)

    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(
        _("summary"), max_length=600, blank=True, help_text=_("Two sentences that a stranger to the field understands.")
    )
    objective = models.TextField(_("objective"), max_length=20_000, blank=True)
    lead = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="led_projects", verbose_name=_("lead agency")
    )
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.PARTNERS)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.AGREEMENT)
    marking = models.CharField(_("marking"), max_length=12, choices=Marking, default=Marking.PARTNERS)
    destination = models.CharField(_("destination"), max_length=16, choices=Destination, blank=True)
    taxonomy = ArrayField(
        models.CharField(max_length=8, validators=[taxonomy.validate]),
        verbose_name=_("capabilities"),
        default=list,
        blank=True,
        size=20,
    )
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    terms_number = models.PositiveIntegerField(_("number of the terms"), default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    proposed_at = models.DateTimeField(_("proposed"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    active_on = models.DateField(_("active since"), null=True, editable=False)
    active_under = models.CharField(_("active under"), max_length=32, blank=True, editable=False)
    suspended_at = models.DateTimeField(_("suspended"), null=True, editable=False)
    suspension_cause = models.CharField(_("cause of the suspension"), max_length=600, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    end_reason = models.CharField(_("reason of the end"), max_length=600, blank=True, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="project_newest_first"),
            models.Index(fields=["audience", "status"], name="project_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_end__isnull=True)
                | Q(planned_start__isnull=True)
                | Q(planned_end__gt=F("planned_start")),
                name="project_ends_after_it_starts",
                violation_error_message=_("The project has to end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(proposed_at__isnull=False, terms_number__gte=1),
                name="project_proposed_has_terms",
            ),
            models.CheckConstraint(
                condition=~Q(status="draft") | Q(proposed_at__isnull=True, terms_number=0),
                name="project_draft_has_no_terms",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["accepted", "active", "suspended", "completed", "cancelled"], accepted_at__isnull=False
                )
                | Q(status__in=["draft", "proposed", "declined", "withdrawn"], accepted_at__isnull=True),
                name="project_accepted_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "suspended", "completed", "cancelled"], active_on__isnull=False)
                | Q(status__in=["draft", "proposed", "accepted", "declined", "withdrawn"], active_on__isnull=True),
                name="project_active_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(active_on__isnull=True) | Q(mode="study") | ~Q(active_under=""),
                name="project_active_under_an_agreement",
            ),
            models.CheckConstraint(
                condition=Q(status="suspended", suspended_at__isnull=False) & ~Q(suspension_cause="")
                | ~Q(status="suspended") & Q(suspended_at__isnull=True, suspension_cause=""),
                name="project_suspended_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["completed", "declined", "withdrawn", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["draft", "proposed", "accepted", "active", "suspended"], ended_at__isnull=True),
                name="project_end_is_dated",
            ),
        ]

    def get_absolute_url(self) -> str:
        return address("projects:project", self.ref)

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where the project stands."""
        label = _("Accepted, not yet active") if self.status == Status.ACCEPTED else Status(self.status).label
        return (*self.LOOK[self.status], label)

    @cached_property
    def covering_agreement(self) -> Any:
        """The agreement in force that covers all accepted parties, or None; asked once, of COVERING_AGREEMENT."""
        return load(settings.COVERING_AGREEMENT)(self)

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def has_ended(self) -> bool:
        return self.status in self.ENDED

    # What COVERING_AGREEMENT came to know besides, for pages that ask for the terms in force as well.
    nothing_in_force = False

    def validate_constraints(self, exclude: Any = None) -> None:
        """Nothing here: each check costs a query. clean() says what people get wrong; the database refuses the rest."""

    def clean(self) -> None:
        if errors := line_errors(self, "title"):
            raise ValidationError(errors)
        if self.planned_start and self.planned_end and self.planned_end <= self.planned_start:
            raise ValidationError({"planned_end": _("The project has to end after it starts.")})

    def move_to(self, status: str, *, reason: str = "", agreement_ref: str = "", on: date | None = None) -> Self:
        """Take a step with the facts that belong to it; the caller saves. Raises ValueError for a step that is none."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        now = timezone.now()
        if status == Status.PROPOSED:
            self.proposed_at = self.proposed_at or now
            self.accepted_at = self.ended_at = None
            self.end_reason = ""
        elif status == Status.ACCEPTED:
            self.accepted_at = now
        elif status == Status.ACTIVE:
            self.active_on = self.active_on or on or now.date()
            self.active_under = agreement_ref or self.active_under
        elif status in self.ENDED:
            self.ended_at, self.end_reason = now, reason
            if status == Status.WITHDRAWN:
                self.accepted_at = None
        self.suspended_at = now if status == Status.SUSPENDED else None
        self.suspension_cause = reason if status == Status.SUSPENDED else ""
        self.status = status
        return self.bump()

    def participation_of(self, agency: Agency | int | None) -> Participation | None:
        """The participation of one agency, out of the rows already read where there are any."""
        pk: Any = getattr(agency, "pk", agency)
        return next((row for row in self.participations.all() if row.agency_id == pk), None) if pk else None

    def still_in(self) -> list[Participation]:
        """Participations that count today, the lead's first, then in the order of joining."""
        return sorted(
            (row for row in self.participations.all() if row.is_still_in), key=lambda row: (not row.is_lead, row.pk)
        )

    def parties(self) -> list[Participation]:
        """The lead and every partner whose acceptance stands; an unanswered or conditional partner is not a party."""
        return [row for row in self.still_in() if row.is_party]

    def taking_part(self) -> list[Participation]:
        """Participations whose agency may know of the project: of a draft, the lead's alone."""
        return [row for row in self.still_in() if row.is_lead or not self.is_draft]

    def agencies(self) -> list[Agency]:
        """The agencies that may know of the project as participants."""
        return [row.agency for row in self.taking_part()]
