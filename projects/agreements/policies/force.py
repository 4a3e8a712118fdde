"""Who may record what brings an agreement into force, and confirm it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, Refusal
from projects.agreements.entry import evaluate, needs_notification
from projects.agreements.models import Status
from projects.agreements.policies.base import Rules
from projects.policies import DECIDERS


@dataclass(frozen=True)
class ForceRules(Rules):
    """Between the last signature and the day on which the text binds."""

    @rule
    def enter_into_force(self) -> Refusal | None:
        """Confirm, as depositary, that the rule of entry into force is satisfied."""
        if self.actor.agency_id != self.agreement.depositary_id or not self.actor.has_role(*DECIDERS):
            return Forbidden(
                _("The depositary, %(agency)s, confirms the entry into force.")
                % {"agency": self.agreement.depositary.acronym},
                code="depositary-only",
            )
        return self._not_in(Status.SIGNED, _("Every party signs first.")) or self._not_notified()

    @rule
    def notify_completion(self) -> Refusal | None:
        """Notify that the internal procedures of the actor's agency are complete, where the rule asks for it."""
        refusal = self._not_an_editor() or self._not_in(Status.SIGNED, _("Every party signs first."))
        if refusal:
            return refusal
        assert self.party is not None
        if not needs_notification(self.agreement):
            return self._wrong_state(_("This agreement enters into force without such a notification."))
        if self.party.notified_at is not None:
            return self._wrong_state(_("Your agency has notified the other parties."))
        return None

    def _not_notified(self) -> Refusal | None:
        waiting = evaluate(self.agreement).not_notified
        if not waiting:
            return None
        names = ", ".join(party.agency.acronym for party in waiting)
        return self._wrong_state(
            _("The completion of internal procedures is still to be notified by %(names)s.") % {"names": names}
        )
