"""Projects as JSON, with the same verbs as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import taxonomy
from agencies.models import Agency, Membership
from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordSerializer, if_match, verb
from projects import actions
from projects.api.inputs import (
    AgencyInput,
    AnswerInput,
    CauseInput,
    ChangedTermsInput,
    LeaveInput,
    NeededReasonInput,
    NoteInput,
    ReasonInput,
    TeamInput,
    TermsInput,
)
from projects.api.participations import ParticipationSerializer
from projects.filters import chosen_filters, narrow
from projects.models import Project, Status
from projects.policies import DraftingPolicy, ProjectPolicy


class ProjectSerializer(RecordSerializer):
    """A project; who sees the overview only gets no participations and no words about its troubles."""

    lead: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)
    participations = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Project
        fields = [
            "ref",
            "url",
            "version",
            "title",
            "summary",
            "objective",
            "lead",
            "status",
            "audience",
            "mode",
            "marking",
            "destination",
            "taxonomy",
            "planned_start",
            "planned_end",
            "terms_number",
            "proposed_at",
            "accepted_at",
            "active_on",
            "active_under",
            "suspended_at",
            "suspension_cause",
            "ended_at",
            "end_reason",
            "participations",
            "created_at",
            "updated_at",
            "verbs",
        ]

    INSIDE_ONLY = ("participations", "terms_number", "active_under", "suspension_cause", "end_reason")

    def to_representation(self, project: Project) -> dict[str, Any]:
        shown = super().to_representation(project)
        if not project.is_inside:  # type: ignore[attr-defined]
            for name in self.INSIDE_ONLY:
                shown[name] = None
        return shown

    @extend_schema(responses=ParticipationSerializer(many=True))
    def get_participations(self, project: Project) -> list[dict[str, Any]]:
        return [
            {
                "agency": row.agency.ref,
                "role": row.role,
                "status": row.status,
                "joined_on": row.joined_on,
                "left_on": row.left_on,
            }
            for row in project.still_in()
        ]


class Projects(Collection):
    """Joint projects, those one's agency takes part in and open proposals."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    policy_class = ProjectPolicy

    def visible(self, actor: Actor) -> QuerySet[Project]:
        projects = Project.objects.visible_to(actor).with_inside(actor)
        return projects.with_agencies() if self.action == "list" else projects.with_teams()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return narrow(queryset, chosen_filters(self.request.query_params), self.actor)

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words of the title, a reference, or an agency's acronym."),
            OpenApiParameter("status", str, enum=Status.values),
            OpenApiParameter("role", str, enum=["lead", "partner", "open"]),
            OpenApiParameter("capability", str, enum=list(taxonomy.NAMES)),
        ]
    )
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=TermsInput, responses={201: ProjectSerializer})
    def create(self, request: Request) -> Response:
        """Begin a draft."""
        DraftingPolicy(self.actor).require("draft")
        return self.created(self._again(actions.draft_project(actor=self.actor, **self.read(TermsInput))))

    @extend_schema(request=ChangedTermsInput, responses=ProjectSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Edit a draft against the version in If-Match."""
        version, terms = if_match(request), self.read(ChangedTermsInput)
        return self.represent(
            self._again(actions.edit_draft(self.get_object(), actor=self.actor, version=version, **terms))
        )

    @verb()
    def propose(self, project: Project) -> Project:
        """Send the draft to the invited agencies, or open it to its audience."""
        return self._again(actions.propose(project, actor=self.actor, version=if_match(self.request)))

    @verb(AgencyInput)
    def invite(self, project: Project, agency: str) -> Project:
        """Ask a verified agency to take part."""
        ProjectPolicy(self.actor, project).require("invite")
        actions.invite_partner(project, self._seen(agency), actor=self.actor)
        return self._again(project)

    @verb(AgencyInput, rule="invite")
    def take_back(self, project: Project, agency: str) -> Project:
        """Take an invitation back."""
        ProjectPolicy(self.actor, project).require("invite")
        actions.withdraw_invitation(project, self._invited(project, agency), actor=self.actor)
        return self._again(project)

    @verb(AnswerInput)
    def answer(self, project: Project, **said: Any) -> Project:
        """Answer the invitation for the acting agency."""
        actions.answer_invitation(project, actor=self.actor, **said)
        return self._after(project)

    @verb(AgencyInput)
    def accept_condition(self, project: Project, agency: str) -> Project:
        """Take on the condition a partner has set."""
        ProjectPolicy(self.actor, project).require("accept_condition")
        actions.accept_condition(project, self._invited(project, agency), actor=self.actor)
        return self._again(project)

    @verb(ChangedTermsInput)
    def revise(self, project: Project, **terms: Any) -> Project:
        """Propose changed terms; the partners that had answered are asked again."""
        return self._again(actions.revise_terms(project, actor=self.actor, version=if_match(self.request), **terms))

    @verb(ReasonInput)
    def withdraw(self, project: Project, **said: Any) -> Project:
        """Take the proposal back."""
        return self._again(actions.withdraw_proposal(project, actor=self.actor, **said))

    @verb()
    def activate(self, project: Project) -> Project:
        """Start the work."""
        return self._again(actions.activate(project, actor=self.actor))

    @verb(CauseInput)
    def suspend(self, project: Project, cause: str) -> Project:
        """Let the work rest."""
        return self._again(actions.suspend(project, actor=self.actor, cause=cause))

    @verb()
    def resume(self, project: Project) -> Project:
        """Take the work up again."""
        return self._again(actions.resume(project, actor=self.actor))

    @verb(NoteInput)
    def complete(self, project: Project, **said: Any) -> Project:
        """Say that the work is done."""
        return self._again(actions.complete(project, actor=self.actor, **said))

    @verb(NeededReasonInput)
    def cancel(self, project: Project, reason: str) -> Project:
        """End the work before it is done."""
        return self._again(actions.cancel_project(project, actor=self.actor, reason=reason))

    @verb(LeaveInput)
    def leave(self, project: Project, **said: Any) -> Project:
        """Leave for the acting agency."""
        actions.leave_project(project, actor=self.actor, **said)
        return self._after(project)

    @verb(TeamInput)
    def assign_team(self, project: Project, members: Sequence[str]) -> Project:
        """Choose who of the acting agency works on this."""
        ProjectPolicy(self.actor, project).require("assign_team")
        found = list(Membership.objects.visible_to(self.actor).filter(ref__in=members))
        if len(found) != len(set(members)):
            raise serializers.ValidationError({"members": [_("Choose among the present members of your agency.")]})
        actions.assign_team(project, found, actor=self.actor)
        return self._after(project)

    def _again(self, project: Project) -> Project:
        """The project as it is now, with what its representation reads."""
        return self.get_queryset().get(pk=project.pk)

    def _after(self, project: Project) -> Project:
        """The project as it is now, even for an agency that has just lost sight of it."""
        fresh = self.get_queryset().filter(pk=project.pk).first()
        if fresh is None:
            fresh = project
            fresh.refresh_from_db()
            fresh.is_inside = False  # type: ignore[attr-defined]
        return fresh

    def _invited(self, project: Project, ref: str) -> Agency:
        """An agency that takes part in the project."""
        return self._one({row.agency.ref: row.agency for row in project.still_in()}.get(ref))

    def _seen(self, ref: str) -> Agency:
        """An agency the actor can see."""
        return self._one(Agency.objects.visible_to(self.actor).filter(ref=ref).first() if "\x00" not in ref else None)

    def _one(self, agency: Agency | None) -> Agency:
        if agency is None:
            raise serializers.ValidationError({"agency": [_("There is no such agency that you can see.")]})
        return agency
