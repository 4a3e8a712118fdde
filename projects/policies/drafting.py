"""Who may begin a project, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, Refusal

DECIDERS = (Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class DraftingPolicy(Policy):
    """Whether somebody may begin a project at all."""

    actor: Actor

    @rule
    def draft(self) -> Refusal | None:
        """Managers, administrators and contributors draft, also for an agency that waits for verification."""
        if self.actor.agency is None:
            return Forbidden(
                _("Projects are drafted for an agency, and you act for none."),
                code="agency-needed",
                unblock=_("Register your agency, or ask its administrator for an invitation."),
            )
        if not self.actor.has_role(*DECIDERS, Role.CONTRIBUTOR):
            return role_needed(self.actor, _("Managers, administrators and contributors draft projects."))
        return None


def role_needed(actor: Actor, reason: str) -> Forbidden:
    """The refusal that says who can give the role."""
    agency = actor.agency.acronym if actor.agency is not None else ""
    return Forbidden(
        reason,
        code="role-needed",
        unblock=_("An administrator of %(agency)s can give you the role.") % {"agency": agency},
    )
