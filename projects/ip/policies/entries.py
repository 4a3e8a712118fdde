"""What every verb about an entry of the register asks first: who keeps it, who takes part, and whether it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.keepers import keeper_names, keepers_of
from projects.ip.models import Asset, Status
from projects.models import Project

EDITORS = (Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)


class AboutAsset(Policy):
    """Base of the rules about one asset, or about something that belongs to one; permission is asked before state."""

    if TYPE_CHECKING:
        actor: Actor
        asset: Asset

    def _own_entry(self) -> Refusal | None:
        if not is_keeper(self.actor, self.asset):
            return Forbidden(
                _("Only the keeper of this entry changes it: %(agencies)s.") % {"agencies": keeper_names(self.asset)},
                code="not-your-entry",
                unblock=_("If it is not right, contest it with your reason."),
            )
        return not_an_editor(self.actor) or self._open_project()

    def _of_an_owner(self) -> Refusal | None:
        """Whoever owns a part acts for it."""
        if not is_owner(self.actor, self.asset):
            return Forbidden(
                _("Only an owner does this, and your agency owns no part of it."),
                code="not-an-owner",
                unblock=_("If a part of it is yours, assert your contribution or contest the entry."),
            )
        return not_an_editor(self.actor) or self._open_project()

    def _of_another_party(self) -> Refusal | None:
        """Whoever is a party of the project, but does not keep the entry."""
        if is_keeper(self.actor, self.asset):
            return Forbidden(
                _("Your agency keeps this entry."),
                code="own-entry",
                unblock=_("Edit it, or withdraw it, instead of contesting it."),
            )
        return self._of_a_party()

    def _of_a_party(self) -> Refusal | None:
        return not_an_editor(self.actor) or self._open_project() or not_joined(self.actor, self.asset.project)

    def _open_project(self) -> Refusal | None:
        return not_taking_part(self.actor, self.asset.project) or ended(self.asset.project)

    def _standing(self) -> Refusal | None:
        if self.asset.status == Status.WITHDRAWN:
            return NotNow(_("The entry has been withdrawn."), code="withdrawn", state=self.asset.status)
        return None


@dataclass(frozen=True)
class OfAsset(AboutAsset):
    """Base of the rules about the asset itself."""

    actor: Actor
    asset: Asset


def is_owner(actor: Actor, asset: Asset) -> bool:
    return actor.agency_id is not None and actor.agency_id in {share.agency_id for share in asset.owners()}


def is_keeper(actor: Actor, asset: Asset) -> bool:
    return actor.agency_id in {agency.pk for agency in keepers_of(asset)}


def not_an_editor(actor: Actor) -> Refusal | None:
    if actor.has_role(*EDITORS):
        return None
    return Forbidden(
        _("Managers, IP managers and administrators keep the register for their agency."),
        code="role-needed",
        unblock=_("An administrator of your agency can give you the role."),
    )


def not_taking_part(actor: Actor, project: Project) -> Refusal | None:
    own = project.participation_of(actor.agency_id)
    if own is not None and own.is_still_in and (own.is_lead or not project.is_draft):
        return None
    return Forbidden(
        _("Your agency does not take part in this project."),
        code="not-a-participant",
        unblock=_("%(lead)s can invite your agency.") % {"lead": project.lead.acronym},
    )


def not_joined(actor: Actor, project: Project) -> Refusal | None:
    own = project.participation_of(actor.agency_id)
    if own is not None and own.is_party:
        return None
    return NotNow(
        _("Your agency has not accepted the project yet."),
        code="not-a-party",
        unblock=_("Accept the invitation first; background can be listed before."),
        state=project.status,
    )


def ended(project: Project) -> Refusal | None:
    if not project.has_ended:
        return None
    return NotNow(
        _("The project has ended; its register is kept as it is."), code="project-ended", state=project.status
    )
