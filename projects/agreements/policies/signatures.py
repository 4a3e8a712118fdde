"""Who may ask before signing, confirm what was signed ad referendum, and take a signature back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import Status
from projects.agreements.models.status import SIGNABLE
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.signing import SigningRules
from projects.policies import DECIDERS


@dataclass(frozen=True)
class SignatureRules(SigningRules):
    """Around a signature: before it and after it."""

    @rule
    def confirm_signature(self) -> Refusal | None:
        """Confirm for the actor's agency what one of its signatories signed ad referendum."""
        refusal = self._not_a_signatory(self.mandate)
        if refusal is not None:
            return refusal
        if self.agreement.status not in SIGNABLE:
            return self._wrong_state(_("Nothing is signed under a text that stands."))
        if not self.unconfirmed_signatures:
            return NotNow(_("No signature of your agency waits for confirmation."), code="nothing-to-confirm")
        return None

    @rule
    def void_signature(self) -> Refusal | None:
        """Take a signature of the actor's agency back while others still have to sign."""
        if self.party is None:
            return not_a_party(self.actor)
        if not self.actor.has_role(Role.SIGNATORY, *DECIDERS):
            return Forbidden(_("Signatories, managers and administrators of a party do this."), code="role-needed")
        if self.agreement.status != Status.SIGNING:
            return self._wrong_state(
                _("A signature is taken back only until every party has signed."),
                _("What all have signed is changed by an amendment."),
            )
        if not self.own_signatures:
            return NotNow(_("Your agency has not signed this text."), code="nothing-to-void")
        return None

    @rule
    def ask_question(self) -> Refusal | None:
        """Ask about the frozen text before it is signed."""
        if self.party is None:
            return not_a_party(self.actor)
        if self.has_left:
            return Forbidden(_("Your agency has left this agreement."), code="party-left")
        if self.actor.roles <= {Role.OBSERVER}:
            return Forbidden(_("Observers read; they do not write here."), code="role-needed")
        return self._not_in(Status.SIGNING, _("The text is not open for signature."))

    @property
    def own_signatures(self) -> list[Any]:
        """Those of the actor's party that stand under the present text."""
        own = self.party.pk if self.party is not None else None
        return [row for row in self.agreement.standing_signatures if row.party_id == own]

    @property
    def unconfirmed_signatures(self) -> list[Any]:
        """Those of them that were made ad referendum and wait for a confirmation."""
        return [row for row in self.own_signatures if row.counts_from is None]
