"""Who proposes to narrow the access to background, and who has to agree."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import Asset, BackgroundChange, ChangeRule, ChangeStatus
from projects.ip.narrowing import by_proposal, open_under
from projects.ip.policies.entries import AboutAsset, OfAsset
from projects.models import Participation


@dataclass(frozen=True)
class BackgroundRules(OfAsset):
    """Narrowing the access that an agreement in force gives to background."""

    @rule
    def propose_narrowing(self) -> Refusal | None:
        """Propose to withdraw, exclude or limit it; until then the agreement counts as it is."""
        refusal = self._own_entry() or self._standing()
        if refusal is not None:
            return refusal
        if not self.asset.is_background:
            return NotNow(_("Only background is narrowed."), code="not-background", state=self.asset.status)
        if open_under(self.asset) is None:
            return NotNow(
                _("No agreement in force gives others access to it."),
                code="free-to-change",
                unblock=_("Edit it or withdraw it directly."),
                state=self.asset.status,
            )
        if any(change.status == ChangeStatus.PROPOSED for change in self.asset.changes.all()):
            return NotNow(
                _("A change is proposed already."),
                code="already-proposed",
                unblock=_("Withdraw that proposal first."),
                state=self.asset.status,
            )
        return None

    def _open_to_others(self) -> Refusal | None:
        """What an agreement in force opens to others leaves the register by proposal."""
        terms = open_under(self.asset)
        return by_proposal(terms) if terms is not None else None


@dataclass(frozen=True)
class BackgroundChangePolicy(AboutAsset):
    """The other parties answer for themselves; the agreement says whether their consent is needed."""

    actor: Actor
    change: BackgroundChange

    @property
    def asset(self) -> Asset:  # type: ignore[override]
        return self.change.asset

    @rule
    def consent(self) -> Refusal | None:
        """Agree that the access becomes narrower."""
        refusal = self._of_another()
        said = self.change.standing_answers().get(self.actor.agency_id or 0)
        if refusal is None and said is not None and said.consents:
            return NotNow(_("Your agency has consented."), code="already-consented", state=self.change.status)
        return refusal

    @rule
    def refuse(self) -> Refusal | None:
        """Disagree, with the reason; the access stays as it is."""
        return self._of_another()

    @rule
    def withdraw(self) -> Refusal | None:
        """Take the proposal back."""
        if self.actor.agency_id != self.change.agency_id:
            return Forbidden(
                _("Only %(agency)s, which proposed it, withdraws it.") % {"agency": self.change.agency.acronym},
                code="not-your-proposal",
            )
        return self._of_a_party() or self._open()

    def others(self) -> list[Participation]:
        """The other parties, whose consent counts."""
        return [row for row in self.asset.project.parties() if row.agency_id != self.change.agency_id]

    def missing(self) -> list[Participation]:
        """Those that have not consented."""
        said = self.change.standing_answers()
        return [row for row in self.others() if not (row.agency_id in said and said[row.agency_id].consents)]

    def _of_another(self) -> Refusal | None:
        if self.actor.agency_id == self.change.agency_id:
            return Forbidden(_("Your agency proposed it."), code="own-proposal")
        refusal = self._of_a_party() or self._open()
        if refusal is None and self.change.rule == ChangeRule.NOTICE:
            return NotNow(
                _("Under the agreement it takes effect by notice; consent is not asked."),
                code="by-notice",
                unblock=_("Ask for a talk in a thread of the project while the notice runs."),
                state=self.change.status,
            )
        return refusal

    def _open(self) -> Refusal | None:
        if self.change.status != ChangeStatus.PROPOSED or self.change.is_in_effect:
            return NotNow(
                _("The proposal is closed: %(state)s.") % {"state": str(self.change.status_look[2]).lower()},
                code="proposal-closed",
                state=self.change.status,
            )
        return None
