"""Disputes: what one party claims against others about something in a project, and how far up the ladder it stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.models import Participation, Project

if TYPE_CHECKING:
    from projects.ip.models.ladder import DisputeLevel, DisputeParty


class DisputeKind(models.TextChoices):
    DIFFERENCE = "difference", _("Difference")
    BREACH = "breach", _("Notice of breach")


class DisputeSubject(models.TextChoices):
    """What a dispute is about, by kind; the record itself is named by its reference."""

    ASSET = "asset", _("Asset")
    REQUEST = "request", _("Access request")
    DISCLOSURE = "disclosure", _("Disclosure")
    PUBLICATION = "publication", _("Publication")
    CLAUSE = "clause", _("Clause of an agreement")


class DisputeStatus(models.TextChoices):
    """The levels that the clause "disputes" names, the time to cure that "breach" gives, and how it can end."""

    CONSULTATION = "consultation", _("Consultation")
    HEADS_OF_PROJECT = "heads_of_project", _("Heads of project")
    HEADS_OF_AGENCY = "heads_of_agency", _("Heads of agency")
    MEDIATION = "mediation", _("Mediation")
    ARBITRATION = "arbitration", _("Arbitration")
    OPEN = "open", _("Left open")
    CURING = "curing", _("Time to cure")
    SETTLED = "settled", _("Settled")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECIDED = "decided", _("Decided")
    CURED = "cured", _("Cured")
    NOT_CURED = "not_cured", _("Not cured")


LADDER = (DisputeStatus.CONSULTATION, DisputeStatus.HEADS_OF_PROJECT, DisputeStatus.HEADS_OF_AGENCY)
FINAL_STEPS = {
    "none": DisputeStatus.OPEN,
    "mediation": DisputeStatus.MEDIATION,
    "arbitration": DisputeStatus.ARBITRATION,
}
ENDED = (
    DisputeStatus.SETTLED,
    DisputeStatus.WITHDRAWN,
    DisputeStatus.DECIDED,
    DisputeStatus.CURED,
    DisputeStatus.NOT_CURED,
)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Disputes by who may know of them and whether they stand."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's agency: for who sees all its projects, for the team, and for who was named for a level.

        SECURITY: being a party of the project is not enough. A party of the dispute that leaves the project keeps it.
        """
        from projects.ip.models.ladder import DisputeParty, Representative

        if actor.membership is None:
            return self.none()
        here = {"dispute": OuterRef("pk")}
        mine = self.filter(Exists(DisputeParty.objects.filter(agency=actor.agency_id, **here)))
        if actor.has_role(*AGENCY_WIDE):
            return mine
        team = Project.objects.inside_for(actor).filter(pk=OuterRef("project"))
        named = Representative.objects.filter(membership=actor.membership.pk, **here)
        return mine.filter(Exists(team) | Exists(named))

    def standing(self) -> Self:
        """Those that have not ended."""
        return self.exclude(status__in=ENDED)

    def with_parties(self) -> Self:
        """Read the parties and the levels with the dispute: three more queries, whatever the number of rows."""
        from projects.ip.models.ladder import DisputeLevel, DisputeParty, Representative

        return self.select_related("project__lead", "opened_by").prefetch_related(
            Prefetch("parties", queryset=DisputeParty.objects.select_related("agency").order_by("pk")),
            Prefetch("levels", queryset=DisputeLevel.objects.order_by("number")),
            Prefetch("representatives", queryset=Representative.objects.select_related("membership__person", "agency")),
        )

    def with_project(self) -> Self:
        """Read the participations of the project too, for the policies that ask for them."""
        taking_part = Participation.objects.select_related("agency").order_by("role", "pk")
        return self.with_parties().prefetch_related(Prefetch("project__participations", queryset=taking_part))


class Dispute(Record):
    """A difference between parties, or a notice of breach. It flags what it is about and never rewrites it."""

    REF_PREFIX = "DP"
    Kind = DisputeKind
    Subject = DisputeSubject
    Status = DisputeStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        DisputeStatus.CONSULTATION: {
            DisputeStatus.HEADS_OF_PROJECT,
            DisputeStatus.SETTLED,
            DisputeStatus.WITHDRAWN,
        },
        DisputeStatus.HEADS_OF_PROJECT: {
            DisputeStatus.HEADS_OF_AGENCY,
            DisputeStatus.SETTLED,
            DisputeStatus.WITHDRAWN,
        },
        DisputeStatus.HEADS_OF_AGENCY: {
            *FINAL_STEPS.values(),
            DisputeStatus.SETTLED,
            DisputeStatus.WITHDRAWN,
        },
        DisputeStatus.MEDIATION: {DisputeStatus.OPEN, DisputeStatus.SETTLED, DisputeStatus.WITHDRAWN},
        DisputeStatus.ARBITRATION: {DisputeStatus.DECIDED, DisputeStatus.SETTLED, DisputeStatus.WITHDRAWN},
        DisputeStatus.OPEN: {DisputeStatus.DECIDED, DisputeStatus.SETTLED, DisputeStatus.WITHDRAWN},
        DisputeStatus.CURING: {
            DisputeStatus.CURED,
            DisputeStatus.NOT_CURED,
            DisputeStatus.SETTLED,
            DisputeStatus.WITHDRAWN,
        },
        **{status: set() for status in ENDED},
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        DisputeStatus.CONSULTATION: ("chat", "info"),
        DisputeStatus.HEADS_OF_PROJECT: ("users", "warn"),
        DisputeStatus.HEADS_OF_AGENCY: ("agency", "warn"),
        DisputeStatus.MEDIATION: ("handshake", "warn"),
        DisputeStatus.ARBITRATION: ("scale", "warn"),
        DisputeStatus.OPEN: ("hold", "warn"),
        DisputeStatus.CURING: ("wait", "warn"),
        DisputeStatus.SETTLED: ("handshake", "good"),
        DisputeStatus.WITHDRAWN: ("undo", ""),
        DisputeStatus.DECIDED: ("scale", "good"),
        DisputeStatus.CURED: ("ok", "good"),
        DisputeStatus.NOT_CURED: ("no", "bad"),
    }

    project = models.ForeignKey(Project, models.PROTECT, related_name="disputes", verbose_name=_("project"))
    kind = models.CharField(_("kind"), max_length=10, choices=DisputeKind, default=DisputeKind.DIFFERENCE)
    opened_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened"))
    subject_kind = models.CharField(_("about"), max_length=12, choices=DisputeSubject)
    subject_ref = models.CharField(_("record it is about"), max_length=32)
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    claim = models.TextField(_("what is claimed"), max_length=10_000)
    sought = models.TextField(_("outcome sought"), max_length=4_000)
    agreement = models.CharField(_("agreement whose clause is followed"), max_length=32, blank=True)
    day_basis = models.CharField(_("days are counted as"), max_length=10)
    final_step = models.CharField(_("after the heads of agency"), max_length=12, blank=True)
    seat = models.CharField(_("place of arbitration"), max_length=120, blank=True)
    final_days = models.PositiveSmallIntegerField(_("days of a mediation"), null=True)

    status = models.CharField(_("status"), max_length=16, choices=DisputeStatus, editable=False)
    reminded_for = models.CharField(_("last reminder"), max_length=24, blank=True, editable=False)
    neutral = models.CharField(_("mediator or tribunal"), max_length=200, blank=True, editable=False)
    appointed_at = models.DateTimeField(_("appointed"), null=True, editable=False)
    appointment_ends_at = models.DateTimeField(_("mediation ends"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    end_reason = models.TextField(_("reason of the end"), max_length=4_000, blank=True, editable=False)
    settlement = models.ForeignKey(
        "ip.SettlementText", models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("settlement")
    )
    tribunal = models.CharField(_("decided by"), max_length=200, blank=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    decision = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("decision")
    )

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["project", "-created_at", "-id"], name="dispute_of_project"),
            models.Index(fields=["subject_ref"], name="dispute_of_subject"),
            models.Index(fields=["status"], name="dispute_by_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(claim="") & ~Q(sought=""), name="dispute_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_at__isnull=False)
                | ~Q(status__in=ENDED) & Q(ended_at__isnull=True, end_reason=""),
                name="dispute_end_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="settled", settlement__isnull=False)
                | ~Q(status="settled") & Q(settlement__isnull=True),
                name="dispute_settled_by_a_text",
            ),
            models.CheckConstraint(
                condition=Q(status="decided", decided_on__isnull=False, decision__isnull=False) & ~Q(tribunal="")
                | ~Q(status="decided") & Q(decided_on__isnull=True, decision__isnull=True, tribunal=""),
                name="dispute_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="breach", status__in=["curing", "cured", "not_cured", "settled", "withdrawn"])
                | Q(kind="difference") & ~Q(status__in=["curing", "cured", "not_cured"]),
                name="dispute_kind_has_its_states",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:dispute", args=[self.ref])

    def move_to(self, status: str, *, at: datetime | None = None, reason: str = "") -> Self:
        """Take a step with the facts that belong to it; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        if status in ENDED:
            self.ended_at, self.end_reason = at or timezone.now(), reason
        self.status = status
        return self.bump()

    @property
    def is_breach(self) -> bool:
        return self.kind == DisputeKind.BREACH

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    def status_at(self, at: datetime) -> str:
        """Where it stands at an instant: a level whose time has run out is over, whether or not that was recorded yet."""
        status = self.status
        while (passed := self.next_after(status)) is not None and passed[0] <= at:
            status = passed[1]
        return status

    def next_after(self, status: str) -> tuple[datetime, str] | None:
        """When a level passes by itself, and to which; None for one that does not."""
        if status == DisputeStatus.MEDIATION and self.appointment_ends_at:
            return self.appointment_ends_at, DisputeStatus.OPEN
        level = self.level_of(status)
        if status not in LADDER or level is None or level.due_at is None:
            return None
        place = LADDER.index(DisputeStatus(status)) + 1
        return level.due_at, LADDER[place] if place < len(LADDER) else FINAL_STEPS[self.final_step]

    @property
    def current(self) -> str:
        return self.status_at(timezone.now())

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where the dispute stands now."""
        now = self.current
        icon, tone = self.LOOK[now]
        return icon, tone, DisputeStatus(now).label

    def level_of(self, status: str) -> DisputeLevel | None:
        """The level with its dates, out of the rows already read where there are any."""
        return next((level for level in self.levels.all() if level.status == status), None)

    @property
    def due_at(self) -> datetime | None:
        """When the time that runs now is over."""
        now = self.current
        if now == DisputeStatus.MEDIATION:
            return self.appointment_ends_at
        level = self.level_of(now)
        return level.due_at if level is not None else None

    def party_of(self, agency_id: int | None) -> DisputeParty | None:
        return next((party for party in self.parties.all() if party.agency_id == agency_id), None)

    def at_odds(self) -> list[DisputeParty]:
        """Both sides, without those who only have a copy of a notice of breach."""
        return [party for party in self.parties.all() if party.is_at_odds]

    def respondents(self) -> list[DisputeParty]:
        return [party for party in self.parties.all() if party.side == party.Side.RESPONDENT]
