"""Who may do what to a project that somebody has begun, and why not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import AGENCY_WIDE, Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.missing import missing_to_activate, missing_to_propose
from projects.models import Audience, Participation, Project, Status
from projects.policies.drafting import DECIDERS, role_needed

INVITING = (Status.DRAFT, Status.PROPOSED, Status.ACCEPTED, Status.ACTIVE, Status.DECLINED)
UNDER_WAY = (Status.ACTIVE, Status.SUSPENDED)
OPEN_AUDIENCES = (Audience.VERIFIED, Audience.PUBLIC)


@dataclass(frozen=True)
class ProjectPolicy(Policy):
    """Permission is asked before state. Participations are read from the project: prefetched, they cost no query."""

    actor: Actor
    project: Project

    @rule
    def see_inside(self) -> Refusal | None:
        """Everything but the overview: for the participating agencies, and in them for those who need to know."""
        own = self._own
        if own is None or not own.is_still_in or (self.project.is_draft and not own.is_lead):
            return Forbidden(
                _("You see the overview of this proposal. The rest is for the agencies that take part."),
                code="not-a-participant",
                unblock=_("%(lead)s can invite your agency.") % {"lead": self.project.lead.acronym},
            )
        if not self.actor.has_role(*AGENCY_WIDE) and not self._is_on_team:
            return Forbidden(
                _("Your agency takes part, but you are not on its team for this project."),
                code="not-on-team",
                unblock=_("A manager of your agency can put you on the team."),
            )
        return None

    @rule
    def start_thread(self) -> Refusal | None:
        """Everybody inside talks, observers only listen."""
        refusal = self.refusal("see_inside")
        if refusal is None and self.actor.roles <= {Role.OBSERVER}:
            return role_needed(self.actor, _("Observers read along; they do not write."))
        return refusal

    @rule
    def edit(self) -> Refusal | None:
        """The lead's managers, administrators and the contributors on its team write the draft."""
        refusal = self.refusal("see_inside") or self._lead_only()
        if refusal is None and not self.actor.has_role(*DECIDERS, Role.CONTRIBUTOR):
            refusal = role_needed(
                self.actor, _("Managers, administrators and contributors on the team edit the draft.")
            )
        return refusal or self._only_in(
            {Status.DRAFT},
            _("The proposal has been sent to others; its words are fixed."),
            code="already-proposed",
            unblock=_("Propose changed terms instead: the partners are asked again."),
        )

    @rule
    def propose(self) -> Refusal | None:
        """Send the draft to the invited agencies, or open it to its audience."""
        refusal = self._lead_decides() or unverified(self.actor)
        refusal = refusal or self._only_in(
            {Status.DRAFT}, _("This has already been proposed."), code="already-proposed"
        )
        if refusal is None and (missing := missing_to_propose(self.project)):
            return NotNow(
                _("The draft is not complete yet."),
                code="draft-incomplete",
                unblock=" ".join(str(item.text) for item in missing),
                state=self.project.status,
            )
        return refusal

    @rule
    def invite(self) -> Refusal | None:
        """Ask another verified agency to take part."""
        refusal = self._lead_decides() or unverified(self.actor)
        return refusal or self._only_in(
            INVITING, _("Nobody can be invited to a project that rests or has ended."), code="not-inviting"
        )

    @rule
    def revise(self) -> Refusal | None:
        """Propose changed terms; every partner that had answered is asked again."""
        return self._lead_decides() or self._only_in(
            {Status.PROPOSED, Status.ACCEPTED},
            _("Terms are revised between the proposal and the start."),
            code="not-revisable",
            unblock=_("A draft is simply edited; what an active project owes is changed in its agreement."),
        )

    @rule
    def accept_condition(self) -> Refusal | None:
        """Take on the condition under which a partner accepted."""
        refusal = self._lead_decides() or self._only_in(
            {Status.PROPOSED, *UNDER_WAY, Status.ACCEPTED}, _("Nothing is being answered now."), code="not-proposed"
        )
        if refusal is None and not any(
            row.status == Participation.Status.CONDITIONAL for row in self.project.still_in()
        ):
            return NotNow(_("No partner has set a condition."), code="no-condition", state=self.project.status)
        return refusal

    @rule
    def withdraw(self) -> Refusal | None:
        """Take the proposal back before the start, for good."""
        return self._lead_decides() or self._only_in(
            {Status.DRAFT, Status.PROPOSED, Status.ACCEPTED, Status.DECLINED},
            _("A project that has started or ended cannot be withdrawn."),
            code="already-started",
            unblock=_("Cancel or complete a project that runs."),
        )

    @rule
    def answer(self) -> Refusal | None:
        """Answer for one's own agency, and only for it."""
        own = self._own
        if own is None or own.is_lead or not own.is_still_in:
            return Forbidden(_("Only an invited agency answers, and it answers itself."), code="not-invited")
        if not self.actor.has_role(*DECIDERS):
            return role_needed(self.actor, _("A manager or an administrator answers for the agency."))
        refusal = unverified(self.actor) or self._only_in(
            {Status.PROPOSED, Status.ACCEPTED, Status.ACTIVE},
            _("This project does not ask for answers now."),
            code="not-proposed",
        )
        if refusal is None and own.is_party:
            return NotNow(
                _("%(agency)s has accepted these terms.") % {"agency": self.actor.agency.acronym},
                code="already-accepted",
                unblock=_("New terms of the lead would ask you again; until then you can leave the project."),
                state=own.status,
            )
        return refusal

    @rule
    def leave(self) -> Refusal | None:
        """A partner that had accepted goes, on a date."""
        own = self._own
        if own is None or own.is_lead or not own.is_still_in:
            return Forbidden(_("Only a partner leaves; the lead withdraws or cancels."), code="not-a-partner")
        if not self.actor.has_role(*DECIDERS):
            return role_needed(self.actor, _("A manager or an administrator decides to leave."))
        refusal = self._only_in(
            {Status.PROPOSED, Status.ACCEPTED, *UNDER_WAY}, _("There is nothing to leave now."), code="not-under-way"
        )
        if refusal is None and own.is_leaving:
            return NotNow(_("The day of leaving is set."), code="already-leaving", state=own.status)
        if refusal is None and own.status != Participation.Status.ACCEPTED:
            return NotNow(
                _("Your agency is not a partner yet."),
                code="not-joined",
                unblock=_("Decline the invitation instead."),
                state=own.status,
            )
        return refusal

    @rule
    def activate(self) -> Refusal | None:
        """Start the work, once nothing is missing."""
        refusal = self._lead_decides() or self._only_in(
            {Status.ACCEPTED},
            _("Only an accepted project becomes active."),
            code="not-accepted",
            unblock=_("Every invited agency has to answer; silence is never consent."),
        )
        if refusal is None and (missing := missing_to_activate(self.project)):
            return NotNow(
                _("The project cannot become active yet."),
                code="not-covered",
                unblock=" ".join(str(item.text) for item in missing),
                state=self.project.status,
            )
        return refusal

    @rule
    def suspend(self) -> Refusal | None:
        """Let the work rest, with the cause."""
        return self._lead_decides() or self._only_in(
            {Status.ACTIVE}, _("Only an active project is suspended."), code="not-active"
        )

    @rule
    def resume(self) -> Refusal | None:
        """Take the work up again, if it is still covered."""
        refusal = self._lead_decides() or self._only_in(
            {Status.SUSPENDED}, _("Only a suspended project is resumed."), code="not-suspended"
        )
        if refusal is None and (missing := missing_to_activate(self.project)):
            return NotNow(
                _("The project cannot be resumed yet."),
                code="not-covered",
                unblock=" ".join(str(item.text) for item in missing),
                state=self.project.status,
            )
        return refusal

    @rule
    def complete(self) -> Refusal | None:
        """Say that the work is done."""
        return self._lead_decides() or self._only_in(
            UNDER_WAY, _("Only a project that has started is completed."), code="not-started"
        )

    @rule
    def cancel(self) -> Refusal | None:
        """End the work before it is done, with the reason."""
        return self._lead_decides() or self._only_in(
            UNDER_WAY,
            _("Only a project that has started is cancelled."),
            code="not-started",
            unblock=_("A proposal is withdrawn instead."),
        )

    @rule
    def assign_team(self) -> Refusal | None:
        """Choose the people of one's own agency who work on this."""
        own = self._own
        if own is None or not own.is_still_in or (self.project.is_draft and not own.is_lead):
            return Forbidden(_("Only agencies that take part have a team here."), code="not-a-participant")
        if not self.actor.has_role(*DECIDERS):
            return role_needed(self.actor, _("A manager or an administrator chooses the team."))
        if self.project.has_ended:
            return NotNow(_("The project has ended."), code="ended", state=self.project.status)
        return None

    @property
    def _own(self) -> Participation | None:
        return self.project.participation_of(self.actor.agency_id)

    @property
    def _is_on_team(self) -> bool:
        own = self._own
        return own is not None and own.has_on_team(self.actor.membership.pk)

    def _lead_only(self) -> Refusal | None:
        if self.actor.agency_id != self.project.lead_id:
            return Forbidden(
                _("Only %(lead)s, which leads, does this.") % {"lead": self.project.lead.acronym},
                code="lead-only",
                unblock=_("Write to the lead in a thread of the project."),
            )
        return None

    def _lead_decides(self) -> Refusal | None:
        refusal = self._lead_only()
        if refusal is None and not self.actor.has_role(*DECIDERS):
            return role_needed(self.actor, _("A manager or an administrator of the lead agency decides this."))
        return refusal

    def _only_in(self, allowed: Collection[str], reason: str, *, code: str, unblock: str = "") -> Refusal | None:
        if self.project.status in allowed:
            return None
        return NotNow(reason, code=code, unblock=unblock, state=self.project.status)


def unverified(actor: Actor) -> Refusal | None:
    """Why the actor's agency reaches nobody yet, None once an operator has verified it."""
    if actor.agency is not None and actor.agency.is_verified:
        return None
    return Forbidden(
        _("Until your agency is verified it can prepare drafts, but reach nobody."),
        code="agency-not-verified",
        unblock=_("The operators of the portal are checking the application."),
    )
