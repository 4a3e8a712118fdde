"""Who may change the words, agree to them, freeze them, go back, and give up."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import NotNow, Refusal
from projects.agreements.languages import untranslated
from projects.agreements.models import Status
from projects.agreements.negotiation import SHARED
from projects.agreements.policies.approvals import ApprovalRules
from projects.agreements.policies.comments import CommentRules
from projects.agreements.policies.force import ForceRules


@dataclass(frozen=True)
class NegotiatingRules(CommentRules, ApprovalRules, ForceRules):
    """From a draft to a frozen text, and back."""

    @rule
    def edit(self) -> Refusal | None:
        """Change the profile or the words of a draft that nobody else sees yet."""
        refusal = self._not_an_editor()
        if refusal is None and self.agreement.status in SHARED:
            return NotNow(
                _("The text is shared: propose a change."),
                code="propose-a-change",
                unblock=_("The other parties accept, counter or refuse it; silence is not consent."),
                state=self.agreement.status,
            )
        return refusal or self._not_open()

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
        if self.agreement.status not in SHARED:
            return self._wrong_state(_("A text is agreed while it is negotiated."))
        if (bracketed := self._in_brackets()) is not None:
            return bracketed
        if (lacking := untranslated(self.agreement)) is not None:
            return lacking
        if self.has_agreed:
            return NotNow(_("Your agency has agreed to this text."), code="already-agreed", state=self.agreement.status)
        return None

    @rule
    def freeze(self) -> Refusal | None:
        """Fix the bytes of the text for signing."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in SHARED:
            return self._wrong_state(_("Only a text under negotiation can be frozen."))
        return (
            self._changes_open()
            or self._in_brackets()
            or untranslated(self.agreement)
            or self._not_agreed_by_all()
            or self._not_approved()
            or self.not_within()
        )

    @rule
    def reopen(self) -> Refusal | None:
        """Go back to negotiating; signatures under the frozen text stop counting."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.SIGNING, Status.DECLINED, Status.TEXT_AGREED):
            return self._wrong_state(_("Only a text that is agreed, in signing or declined can be negotiated again."))
        return self.waits_for_confirmation()

    @rule
    def abandon(self) -> Refusal | None:
        """Give the agreement up for good."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if not self.agreement.is_open and self.agreement.status != Status.DECLINED:
            return self._wrong_state(_("A text in signing or signed cannot be abandoned."))
        return None

    def _not_agreed_by_all(self) -> Refusal | None:
        waiting = self.not_agreed
        if not waiting:
            return None
        return NotNow(
            _("Not every party has agreed to this text: it waits for %(names)s. Silence is not consent.")
            % {"names": ", ".join(party.agency.acronym for party in waiting)},
            code="text-not-agreed",
            unblock=_("Each party says “we agree to this text”."),
            state=self.agreement.status,
        )

    def _not_enough_parties(self) -> Refusal | None:
        if len(self.agreement.party_list) > 1:
            return None
        return NotNow(_("An agreement needs at least two parties."), code="parties-needed", state=self.agreement.status)
