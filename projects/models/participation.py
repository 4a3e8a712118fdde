"""An agency's part in a project, its own answer to the invitation, and the people it puts on the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import AGENCY_WIDE
from agencies.models.dated import holds
from portal.kit.actors import Actor


class Answer(models.TextChoices):
    """What an invited agency can say."""

    ACCEPT = "accept", _("Accept")
    CONDITION = "condition", _("Accept with a condition")
    CLEARANCE = "clearance", _("We need clearance first")
    DECLINE = "decline", _("Decline")


class ParticipationRole(models.TextChoices):
    LEAD = "lead", _("Lead")
    PARTNER = "partner", _("Partner")


class ParticipationStatus(models.TextChoices):
    """What an agency has said; nothing moves it but the agency itself, the lead's withdrawal, or new terms."""

    INVITED = "invited", _("Invited, no answer yet")
    ACCEPTED = "accepted", _("Accepted")
    CONDITIONAL = "conditional", _("Accepted with a condition")
    NEEDS_CLEARANCE = "needs_clearance", _("Needs clearance first")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Invitation withdrawn")
    LEFT = "left", _("Left")


@dataclass(frozen=True)
class Colleague:
    """Somebody on a team, as far as a page names them."""

    membership_id: int
    name: str
    native_name: str
    language: str


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Participations by what they still count for."""

    def still_in(self, on: date | None = None) -> Self:
        """Neither declined nor taken back nor past the day of leaving, today unless told."""
        staying = Q(status__in=Participation.STAYING)
        return self.filter(staying | Q(status=ParticipationStatus.LEFT, left_on__gt=on or timezone.now().date()))

    def parties(self, on: date | None = None) -> Self:
        """Participations whose acceptance stands, today unless told."""
        leaving = Q(status=ParticipationStatus.LEFT, left_on__gt=on or timezone.now().date())
        return self.filter(Q(status=ParticipationStatus.ACCEPTED) | leaving)

    def visible_to(self, actor: Actor) -> Self:
        """Every participation in the projects the actor is inside of."""
        from projects.models.inside import inside

        return self.filter(inside(actor, "project"))

    def with_people(self) -> Self:
        """Bring the team along in the same query, for `people` and `has_on_team`."""
        person = "membership__person__"
        names = JSONObject(
            membership_id="membership_id",
            name=f"{person}name",
            native_name=f"{person}native_name",
            language=f"{person}language",
        )
        live = holds(timezone.now(), "membership__")
        team = TeamMember.objects.filter(live, participation=OuterRef("pk")).order_by("pk").values(colleague=names)
        return self.annotate(team_people=ArraySubquery(team))

    def seen_by(self, actor: Actor) -> Self:
        """Participations of the actor's agency that let the actor read the inside of the project.

        SECURITY: a draft is the lead's alone; contributors and observers see only what they are on the team of.
        """
        if actor.membership is None:
            return self.none()
        team = None if actor.has_role(*AGENCY_WIDE) else actor.membership.pk
        return self.read_by(actor.agency_id or 0, team, timezone.now().date())

    def read_by(self, agency: int, membership: int | None, on: date) -> Self:
        """The one rule of `seen_by`: by agency, and by membership for those who see only what they are on the team of."""
        own = self.still_in(on).filter(agency=agency)
        own = own.filter(Q(role=ParticipationRole.LEAD) | ~Q(project__status="draft"))
        if membership is None:
            return own
        return own.filter(Exists(TeamMember.objects.filter(participation=OuterRef("pk"), membership=membership)))


class Participation(models.Model):
    """One agency in one project."""

    Role = ParticipationRole
    Status = ParticipationStatus
    LOOK: dict[str, tuple[str, str]] = {
        ParticipationStatus.INVITED: ("clock", "warn"),
        ParticipationStatus.ACCEPTED: ("ok", "good"),
        ParticipationStatus.CONDITIONAL: ("hold", "warn"),
        ParticipationStatus.NEEDS_CLEARANCE: ("shield", "warn"),
        ParticipationStatus.DECLINED: ("no", "bad"),
        ParticipationStatus.WITHDRAWN: ("no", ""),
        ParticipationStatus.LEFT: ("no", ""),
    }
    STAYING = (
        ParticipationStatus.INVITED,
        ParticipationStatus.ACCEPTED,
        ParticipationStatus.CONDITIONAL,
        ParticipationStatus.NEEDS_CLEARANCE,
    )
    ANSWERED = (
        ParticipationStatus.ACCEPTED,
        ParticipationStatus.CONDITIONAL,
        ParticipationStatus.NEEDS_CLEARANCE,
        ParticipationStatus.DECLINED,
    )

    project = models.ForeignKey(
        "projects.Project", models.CASCADE, related_name="participations", verbose_name=_("project")
    )
    agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="participations", verbose_name=_("agency")
    )
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    role = models.CharField(_("role"), max_length=8, choices=ParticipationRole, default=ParticipationRole.PARTNER)
    status = models.CharField(
        _("answer"), max_length=16, choices=ParticipationStatus, default=ParticipationStatus.INVITED
    )
    condition = models.TextField(_("condition"), max_length=4000, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    terms_number = models.PositiveIntegerField(_("terms answered"), default=0)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    condition_accepted_at = models.DateTimeField(_("condition accepted"), null=True, blank=True)
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    left_on = models.DateField(_("leaves"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "agency"], name="participation_once_per_agency"),
            models.UniqueConstraint(fields=["project"], condition=Q(role="lead"), name="participation_one_lead"),
            models.CheckConstraint(
                condition=~Q(status="invited") | Q(answered_at__isnull=True), name="participation_silence_is_no_answer"
            ),
            models.CheckConstraint(
                condition=Q(role="lead")
                | ~Q(status__in=["accepted", "conditional", "needs_clearance", "declined"])
                | Q(answered_at__isnull=False, answered_by__isnull=False, terms_number__gte=1),
                name="participation_answer_is_somebodys",
            ),
            models.CheckConstraint(
                condition=~Q(status="conditional") | ~Q(condition=""), name="participation_condition_is_said"
            ),
            models.CheckConstraint(
                condition=Q(status="left", left_on__isnull=False) | ~Q(status="left") & Q(left_on__isnull=True),
                name="participation_leaving_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(joined_on__isnull=False), name="participation_joining_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_name}, {self.get_role_display()}"

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and words of the answer."""
        icon, tone = self.LOOK[self.status]
        if self.is_lead:
            return icon, tone, _("Lead")
        if self.status == self.Status.INVITED and self.project.is_draft:
            return "ring", "", _("On the list, not asked yet")
        if self.status == self.Status.INVITED and self.terms_number:
            return icon, tone, _("Asked again, no answer yet")
        if self.status == self.Status.ACCEPTED and self.condition:
            return icon, tone, _("Accepted, condition met")
        return icon, tone, ParticipationStatus(self.status).label

    @property
    def is_lead(self) -> bool:
        return self.role == ParticipationRole.LEAD

    @property
    def people(self) -> list[Colleague]:
        """The team; costs a query unless the row was read `with_people`."""
        if "team_people" in self.__dict__:
            return [Colleague(**person) for person in self.__dict__["team_people"]]
        is_read = "team" in getattr(self, "_prefetched_objects_cache", {})
        team = self.team.all() if is_read else self.team.select_related("membership__person")
        people = [(row.membership_id, row.membership.person) for row in team if row.membership.is_live]
        return [Colleague(pk, person.name, person.native_name, person.language) for pk, person in people]

    def has_on_team(self, membership_id: int) -> bool:
        return any(colleague.membership_id == membership_id for colleague in self.people)

    @property
    def is_leaving(self) -> bool:
        return self.left_on is not None and self.left_on > timezone.now().date()

    @property
    def is_still_in(self) -> bool:
        return self.status in self.STAYING or self.is_leaving

    @property
    def is_party(self) -> bool:
        return self.status == ParticipationStatus.ACCEPTED or self.is_leaving

    @property
    def waits_for_the_agency(self) -> bool:
        return self.status in (ParticipationStatus.INVITED, ParticipationStatus.NEEDS_CLEARANCE)

    def move_to(self, status: str) -> Self:
        """Set the answer; the actions fill in the facts that the database asks for beside it."""
        self.status = status
        if status in (ParticipationStatus.INVITED, ParticipationStatus.WITHDRAWN):
            self.answered_at = self.answered_by = self.condition_accepted_at = self.left_on = None
            self.condition = self.note = ""
        elif status == ParticipationStatus.ACCEPTED:
            self.joined_on = self.joined_on or timezone.now().date()
        return self


class TeamMember(models.Model):
    """A person an agency puts on its team for a project; contributors and observers see only such projects."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="team", verbose_name=_("participation")
    )
    membership = models.ForeignKey(
        "agencies.Membership", models.CASCADE, related_name="project_teams", verbose_name=_("member")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["participation", "membership"], name="team_member_once")]

    def __str__(self) -> str:
        return str(self.membership_id)
