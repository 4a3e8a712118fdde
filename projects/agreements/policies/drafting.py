"""Who may draw an agreement for a project."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.models import Project
from projects.policies import DECIDERS


@dataclass(frozen=True)
class DraftingPolicy(Policy):
    """Whether the actor may draw an agreement for a project."""

    actor: Actor
    project: Project

    @rule
    def draft(self) -> Refusal | None:
        """Draw a first draft from the clause library."""
        participation = self.project.participation_of(self.actor.agency_id)
        if participation is None or not participation.is_party:
            return Forbidden(
                _("Only agencies that have accepted the project draft its agreements."), code="party-needed",
                unblock=_("Accept the project first."),
            )  # fmt: skip
        if not self.actor.has_role(*DECIDERS):
            return Forbidden(_("Managers and administrators draft agreements."), code="role-needed")
        if len(self.project.parties()) < 2:
            return NotNow(
                _("An agreement needs a second party that has accepted the project."), code="parties-needed",
                unblock=_("Invite a partner, and wait for its answer."), state=self.project.status,
            )  # fmt: skip
        if self.project.has_ended:
            return NotNow(_("The project has ended."), code="project-ended", state=self.project.status)
        return None
