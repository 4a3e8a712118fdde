"""Who may list, claim, change and contest assets, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import Asset, Status
from projects.models import Project

EDITORS = (Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class RegisterPolicy(Policy):
    """What may be entered into the register of a project; the participations are read from the project."""

    actor: Actor
    project: Project

    @rule
    def list_background(self) -> Refusal | None:
        """Every agency that takes part lists its own background, before or after it joins."""
        return _not_an_editor(self.actor) or _not_taking_part(self.actor, self.project) or _ended(self.project)

    @rule
    def claim_result(self) -> Refusal | None:
        """Results are claimed by parties."""
        refusal = _not_an_editor(self.actor) or _not_taking_part(self.actor, self.project) or _ended(self.project)
        return refusal or _not_joined(self.actor, self.project)

    @rule
    def declare_sideground(self) -> Refusal | None:
        """What a party makes meanwhile outside the project."""
        return self.refusal("claim_result")


@dataclass(frozen=True)
class AssetPolicy(Policy):
    """Permission is asked before state."""

    actor: Actor
    asset: Asset

    @rule
    def edit(self) -> Refusal | None:
        """Change what the register says; what is frozen in an agreement stays as it was signed."""
        return self._own_entry() or self._standing()

    @rule
    def set_shares(self) -> Refusal | None:
        """Say anew who owns which part."""
        return self._own_entry() or self._standing()

    @rule
    def withdraw(self) -> Refusal | None:
        """Take the entry out of the register; the history keeps it."""
        refusal = self._own_entry() or self._standing()
        if refusal is None and self.asset.agreed_in:
            return NotNow(
                _("It is in the annex of %(agreement)s, which the other parties signed.")
                % {"agreement": self.asset.agreed_in},
                code="agreed-in-an-agreement",
                unblock=_("It leaves the register when that agreement is amended."),
                state=self.asset.status,
            )
        return refusal

    @rule
    def contest(self) -> Refusal | None:
        """Another party says, with its reason, that the entry is not right."""
        refusal = _not_an_editor(self.actor)
        if refusal is None and self.actor.agency_id == self.asset.party_id:
            refusal = Forbidden(
                _("Your agency made this entry."),
                code="own-entry",
                unblock=_("Edit it, or withdraw it, instead of contesting it."),
            )
        refusal = (
            refusal or _not_taking_part(self.actor, self.asset.project) or _not_joined(self.actor, self.asset.project)
        )
        refusal = refusal or _ended(self.asset.project) or self._standing()
        if refusal is None and self.asset.contested_by is not None:
            return NotNow(
                _("%(agency)s contests it already.") % {"agency": self.asset.contested_by.acronym},
                code="already-contested",
                state=self.asset.status,
            )
        return refusal

    @rule
    def settle(self) -> Refusal | None:
        """The party that contested says that the matter is settled."""
        refusal = _not_an_editor(self.actor)
        by = self.asset.contested_by
        if refusal is None and by is not None and by.pk != self.actor.agency_id:
            refusal = Forbidden(
                _("Only %(agency)s, which contested it, can say that it is settled.") % {"agency": by.acronym},
                code="contested-by-another",
                unblock=_("Correct the entry or its shares, and tell them in a thread of the project."),
            )
        if refusal is None and by is None:
            return NotNow(_("Nobody contests it."), code="not-contested", state=self.asset.status)
        return refusal

    def _own_entry(self) -> Refusal | None:
        if self.actor.agency_id != self.asset.party_id:
            return Forbidden(
                _("Only %(agency)s, which made this entry, changes it.") % {"agency": self.asset.party.acronym},
                code="not-your-entry",
                unblock=_("If it is not right, contest it with your reason."),
            )
        return (
            _not_an_editor(self.actor) or _not_taking_part(self.actor, self.asset.project) or _ended(self.asset.project)
        )

    def _standing(self) -> Refusal | None:
        if self.asset.status == Status.WITHDRAWN:
            return NotNow(_("The entry has been withdrawn."), code="withdrawn", state=self.asset.status)
        return None


def _not_an_editor(actor: Actor) -> Refusal | None:
    if actor.has_role(*EDITORS):
        return None
    return Forbidden(
        _("Managers, IP managers and administrators keep the register for their agency."),
        code="role-needed",
        unblock=_("An administrator of your agency can give you the role."),
    )


def _not_taking_part(actor: Actor, project: Project) -> Refusal | None:
    own = project.participation_of(actor.agency_id)
    if own is not None and own.is_still_in and (own.is_lead or not project.is_draft):
        return None
    return Forbidden(
        _("Your agency does not take part in this project."),
        code="not-a-participant",
        unblock=_("%(lead)s can invite your agency.") % {"lead": project.lead.acronym},
    )


def _not_joined(actor: Actor, project: Project) -> Refusal | None:
    own = project.participation_of(actor.agency_id)
    if own is not None and own.is_party:
        return None
    return NotNow(
        _("Your agency has not accepted the project yet."),
        code="not-a-party",
        unblock=_("Accept the invitation first; background can be listed before."),
        state=project.status,
    )


def _ended(project: Project) -> Refusal | None:
    if not project.has_ended:
        return None
    return NotNow(
        _("The project has ended; its register is kept as it is."), code="project-ended", state=project.status
    )
