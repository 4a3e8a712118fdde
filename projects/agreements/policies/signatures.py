"""Who may ask before signing, confirm what was signed ad referendum, and take a signature back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.models import Mandate, Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import Signature, Status
from projects.agreements.models.status import SIGNABLE
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.signing import SigningRules
from projects.agreements.signing.persons import another_confirms
from projects.policies import DECIDERS


@dataclass(frozen=True)
class SignatureRules(SigningRules):
    """Around a signature: before it and after it."""

    @rule
    def confirm_signature(self) -> Refusal | None:
        """Confirm for the actor's agency what one of its signatories signed ad referendum.

        By another signatory under a mandate, or by a manager or administrator who puts on record which body approved it.
        """
        if self.party is None:
            return not_a_party(self.actor)
        if not self.actor.has_role(*DECIDERS) and (refusal := self._not_a_signatory(self.mandate)) is not None:
            return refusal
        if self.agreement.status not in SIGNABLE:
            return self._wrong_state(_("Nothing is signed under a text that stands."))
        if not self.unconfirmed_signatures:
            return NotNow(_("No signature of your agency waits for confirmation."), code="nothing-to-confirm")
        refusals = [self.of_confirmation(row) for row in self.unconfirmed_signatures]
        return refusals[0] if all(refusals) else None

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

    def of_confirmation(self, signature: Signature) -> Refusal | None:
        """Why the actor may not confirm this one of their agency.

        SECURITY: ad referendum means that somebody else has the last word; oneself only where the agency has nobody else.
        """
        if not self._is_own(signature) or not self._another_confirms:
            return None
        return Forbidden(
            _("You signed this ad referendum yourself; somebody else of your agency confirms it."),
            code="own-signature",
            unblock=_("Another signatory with a mandate, or a manager or administrator who names the approval."),
        )

    def needs_approval(self, signature: Signature) -> bool:
        """Whether no mandate of a second signatory carries the confirmation, so that the approval has to be named."""
        return self.confirming_mandate is None or self._is_own(signature)

    @property
    def confirming_mandate(self) -> Mandate | None:
        return self.mandate if self.actor.has_role(Role.SIGNATORY) else None

    @cached_property
    def _another_confirms(self) -> bool:
        return another_confirms(self.agreement, self.actor.agency, self.actor.person)

    def _is_own(self, signature: Signature) -> bool:
        return self.actor.person is not None and signature.person_id == self.actor.person.pk

    @property
    def own_signatures(self) -> list[Any]:
        """Those of the actor's party that stand under the present text."""
        own = self.party.pk if self.party is not None else None
        return [row for row in self.agreement.standing_signatures if row.party_id == own]

    @property
    def unconfirmed_signatures(self) -> list[Any]:
        """Those of them that were made ad referendum and wait for a confirmation."""
        return [row for row in self.own_signatures if row.counts_from is None]
