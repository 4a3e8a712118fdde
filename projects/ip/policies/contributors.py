"""Who names the contributors of an asset, and who speaks for each of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.keepers import keeper_names
from projects.ip.models import Contributor, ContributorStatus, Status
from projects.ip.policies.entries import OfAsset, ended, is_keeper, not_an_editor, not_taking_part


@dataclass(frozen=True)
class ContributorRules(OfAsset):
    """The persons who made an asset."""

    @rule
    def set_contributors(self) -> Refusal | None:
        """Say who made it and which part; whoever is named is asked to confirm."""
        return self._own_entry() or self._standing()


@dataclass(frozen=True)
class ContributorPolicy(Policy):
    """Only the person speaks for their part; the keeper of the entry records that somebody cannot be reached."""

    actor: Actor
    contributor: Contributor

    @rule
    def confirm(self) -> Refusal | None:
        """Say that the part is right."""
        refusal = self._only_the_person() or self._standing()
        if refusal is None and self.contributor.status == ContributorStatus.CONFIRMED:
            return NotNow(_("You have confirmed it."), code="already-confirmed", state=self.contributor.status)
        return refusal

    @rule
    def deny(self) -> Refusal | None:
        """Say that the part is not right, and why."""
        refusal = self._only_the_person() or self._standing()
        if refusal is None and self.contributor.status == ContributorStatus.DENIED:
            return NotNow(_("You have denied it."), code="already-denied", state=self.contributor.status)
        return refusal

    @rule
    def mark_unreachable(self) -> Refusal | None:
        """Record, with the reason, that a person cannot be asked."""
        asset = self.contributor.asset
        if not is_keeper(self.actor, asset):
            return Forbidden(
                _("Only the keeper of this entry records this: %(agencies)s.") % {"agencies": keeper_names(asset)},
                code="not-your-entry",
            )
        refusal = not_an_editor(self.actor) or not_taking_part(self.actor, asset.project) or ended(asset.project)
        refusal = refusal or self._standing()
        if refusal is None and self.contributor.status != ContributorStatus.ASKED:
            return NotNow(
                _("%(name)s has answered, or it is recorded already.") % {"name": self.contributor.name},
                code="not-asked",
                state=self.contributor.status,
            )
        return refusal

    def _only_the_person(self) -> Refusal | None:
        own = self.actor.person is not None and self.contributor.person_id == self.actor.person.pk
        if own and self.contributor.agency_id == self.actor.agency_id:
            return None
        return Forbidden(
            _("Only %(name)s can say this.") % {"name": self.contributor.name},
            code="another-person",
            unblock=_("It waits in the inbox of that person."),
        )

    def _standing(self) -> Refusal | None:
        if self.contributor.asset.status == Status.WITHDRAWN:
            return NotNow(_("The entry has been withdrawn."), code="withdrawn", state=Status.WITHDRAWN)
        return None
