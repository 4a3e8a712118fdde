"""Who may ask for the internal approvals of an agency, and give them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import Approval
from projects.agreements.models.approval import ApprovalKind
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.changes import ChangeRules
from projects.policies import DECIDERS

APPROVERS = {ApprovalKind.EXPORT: Role.EXPORT_OFFICER, ApprovalKind.INTELLECTUAL_PROPERTY: Role.IP_MANAGER}


@dataclass(frozen=True)
class ApprovalRules(ChangeRules):
    """What an agency approves inside before a text is frozen; others learn whether it is done, and nothing more."""

    @rule
    def ask_approvals(self) -> Refusal | None:
        """Say which internal approvals one's agency needs before the text is frozen."""
        return self._not_an_editor() or self._not_open()

    @rule
    def approve(self) -> Refusal | None:
        """Approve the text inside one's agency."""
        if self.party is None:
            return not_a_party(self.actor)
        if not self.actor.has_role(*DECIDERS, *APPROVERS.values()):
            return Forbidden(
                _("Managers and administrators approve; the IP manager and the export officer what is theirs."),
                code="role-needed",
            )
        if (refusal := self._not_open()) is not None:
            return refusal
        if not any(line.agency_id == self.actor.agency_id for line in self.negotiation.approvals):
            return self._wrong_state(_("Your agency asks for no internal approval."))
        return None

    @rule
    def take_back_approval(self) -> Refusal | None:
        """Take an internal approval back."""
        return self.refusal("approve")

    def of_line(self, line: Approval) -> Refusal | None:
        """Why the actor may not approve this line of their agency's list."""
        own = APPROVERS.get(ApprovalKind(line.kind))
        if self.actor.has_role(*DECIDERS) or (own is not None and self.actor.has_role(own)):
            return self.refusal("approve")
        return Forbidden(_("Another role of your agency approves this."), code="role-needed")

    def _not_approved(self) -> Refusal | None:
        state = self.negotiation.approval_state
        waiting = [row for row in self.agreement.party_list if state(row.agency_id, self.current_hash) == "open"]
        if not waiting:
            return None
        return NotNow(
            _("Internal approvals are not done at: %(names)s.")
            % {"names": ", ".join(party.agency.acronym for party in waiting)},
            code="approvals-missing",
            unblock=_("Each agency completes its own list."),
            state=self.agreement.status,
        )
