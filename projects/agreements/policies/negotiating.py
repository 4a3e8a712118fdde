"""Who may change the words, agree to them, freeze them, go back, and give up."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import NotNow, Refusal
from projects.agreements.models import Status
from projects.agreements.policies.base import Rules


@dataclass(frozen=True)
class NegotiatingRules(Rules):
    """From a draft to a frozen text, and back."""

    @rule
    def edit(self) -> Refusal | None:
        """Change the profile or the words of a clause."""
        return self._not_an_editor() or self._not_open()

    @rule
    def share(self) -> Refusal | None:
        """Show the draft to the other parties."""
        return (
            self._not_an_editor()
            or self._not_in(Status.DRAFT, _("The other parties see it already."))
            or self._not_enough_parties()
        )

    @rule
    def agree_to_text(self) -> Refusal | None:
        """Say for one's agency: we agree to this text."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.NEGOTIATING, Status.TEXT_AGREED):
            return self._wrong_state(_("A text is agreed while it is negotiated."))
        if self.has_agreed:
            return NotNow(_("Your agency has agreed to this text."), code="already-agreed", state=self.agreement.status)
        return None

    @rule
    def freeze(self) -> Refusal | None:
        """Fix the bytes of the text for signing."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.NEGOTIATING, Status.TEXT_AGREED):
            return self._wrong_state(_("Only a text under negotiation can be frozen."))
        waiting = self.not_agreed
        if waiting:
            names = ", ".join(party.agency.acronym for party in waiting)
            return NotNow(
                _("Not every party has agreed to this text: it waits for %(names)s. Silence is not consent.")
                % {"names": names},
                code="text-not-agreed",
                unblock=_("Each party says “we agree to this text”."),
                state=self.agreement.status,
            )
        return None

    @rule
    def reopen(self) -> Refusal | None:
        """Go back to negotiating; signatures under the frozen text stop counting."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.SIGNING, Status.DECLINED, Status.TEXT_AGREED):
            return self._wrong_state(_("Only a text that is agreed, in signing or declined can be negotiated again."))
        return None

    @rule
    def abandon(self) -> Refusal | None:
        """Give the agreement up for good."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if not self.agreement.is_open and self.agreement.status != Status.DECLINED:
            return self._wrong_state(_("A text in signing or signed cannot be abandoned."))
        return None

    def _not_open(self) -> Refusal | None:
        if self.agreement.is_open:
            return None
        return self._wrong_state(
            _("The words are frozen."), _("Any party can reopen the text; signatures under it then stop counting.")
        )

    def _not_enough_parties(self) -> Refusal | None:
        if len(self.agreement.party_list) > 1:
            return None
        return NotNow(_("An agreement needs at least two parties."), code="parties-needed", state=self.agreement.status)
