"""Who may say as what a party is bound."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, Refusal
from projects.agreements.models import Party, Status
from projects.agreements.policies.base import Rules


@dataclass(frozen=True)
class PartyRules(Rules):
    """What stands in the text about its parties, while the text is open."""

    @rule
    def set_bound_as(self) -> Refusal | None:
        """Say as what parties are bound: of a draft all of them, afterwards one's own agency."""
        refusal = self.not_an_editor()
        if refusal or self.agreement.is_open:
            return refusal
        return self._wrong_state(
            _("As what the parties are bound is part of the frozen text."),
            _("Reopen the text while it is in signing; afterwards an amendment says it."),
        )

    def not_an_editor(self) -> Refusal | None:
        """What is asked first, of all parties and of one."""
        return self._not_an_editor()


@dataclass(frozen=True)
class PartyPolicy(Policy):
    """One party, as the policy of its agreement sees it."""

    within: PartyRules
    party: Party

    @rule
    def set_bound_as(self) -> Refusal | None:
        """Say as what this party is bound."""
        is_draft = self.within.agreement.status == Status.DRAFT
        if is_draft or self.party.agency_id == self.within.actor.agency_id:
            return self.within.refusal("set_bound_as")
        return self.within.not_an_editor() or Forbidden(
            _("Once the text is shared, each party says itself as what it is bound."), code="not-your-party"
        )
