"""Who may list, claim, change and contest assets, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.policies.background_changes import BackgroundRules
from projects.ip.policies.contributions import ContributionRules
from projects.ip.policies.contributors import ContributorRules
from projects.ip.policies.entries import ended, not_an_editor, not_joined, not_taking_part
from projects.ip.policies.licences import LicenceRules
from projects.ip.policies.protection import ProtectionRules
from projects.ip.policies.title import TitleRules
from projects.ip.terms import terms_of
from projects.models import Project


@dataclass(frozen=True)
class RegisterPolicy(Policy):
    """What may be entered into the register of a project; the participations are read from the project."""

    actor: Actor
    project: Project

    @rule
    def list_background(self) -> Refusal | None:
        """Every agency that takes part lists its own background, before or after it joins."""
        return not_an_editor(self.actor) or not_taking_part(self.actor, self.project) or ended(self.project)

    @rule
    def claim_result(self) -> Refusal | None:
        """Results are claimed by parties."""
        refusal = not_an_editor(self.actor) or not_taking_part(self.actor, self.project) or ended(self.project)
        return refusal or not_joined(self.actor, self.project)

    @rule
    def declare_sideground(self) -> Refusal | None:
        """What a party makes meanwhile outside the project."""
        return self.refusal("claim_result")


@dataclass(frozen=True)
class EntryRules(BackgroundRules):
    """The entry itself: its words, its owners, and what others say against it."""

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
        refusal = self._own_entry() or self._standing() or self._open_to_others()
        agreed_in = self.asset.agreed_in
        # It is remembered for good where it was agreed; the annex holds the entry only while that agreement is in force.
        if refusal is None and agreed_in and any(one.agreement == agreed_in for one in terms_of(self.asset.project)):
            return NotNow(
                _("It is in the annex of %(agreement)s, which the other parties signed.") % {"agreement": agreed_in},
                code="agreed-in-an-agreement",
                unblock=_("It leaves the register when that agreement is amended."),
                state=self.asset.status,
            )
        return refusal

    @rule
    def contest(self) -> Refusal | None:
        """Another party says, with its reason, that the entry is not right."""
        refusal = self._of_another_party() or self._standing()
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
        refusal = not_an_editor(self.actor)
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


@dataclass(frozen=True)
class AssetPolicy(EntryRules, ContributorRules, ContributionRules, ProtectionRules, TitleRules, LicenceRules):
    """Everything that may be done about one asset."""
