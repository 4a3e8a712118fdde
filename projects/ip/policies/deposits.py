"""Who may deposit, open and reveal, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from agencies.models import Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import CommitmentState, Deposit
from projects.ip.models.deposit import KEEPERS
from projects.policies import unverified

DEPOSITORS = tuple(role for role in Role if role != Role.OBSERVER)


@dataclass(frozen=True)
class DepositingPolicy(Policy):
    """Whoever works for a verified agency may prove what it had; a deposit reaches nobody."""

    actor: Actor

    @rule
    def deposit(self) -> Refusal | None:
        """Put a commitment into the ledger for one's agency."""
        if not self.actor.has_role(*DEPOSITORS):
            return Forbidden(
                _("Members of an agency deposit for it; observers do not."),
                code="role-needed",
                unblock=_("An administrator of your agency can give you the role."),
            )
        return unverified(self.actor)


@dataclass(frozen=True)
class DepositPolicy(Policy):
    """What may be done with a deposit that the actor sees. Permission is asked before state."""

    actor: Actor
    deposit: Deposit

    @rule
    def edit(self) -> Refusal | None:
        """Change its name, notes and links; commitments never change."""
        return self._own()

    @rule
    def add_version(self) -> Refusal | None:
        """Deposit a newer version, chained to the last one."""
        return self._own() or DepositingPolicy(self.actor).refusal("deposit")

    @rule
    def reveal(self) -> Refusal | None:
        """Open a version to another agency, for good."""
        if refusal := self._own():
            return refusal
        if not self.actor.has_role(*KEEPERS):
            return Forbidden(
                _("IP managers and administrators reveal deposits of their agency."),
                code="role-needed",
                unblock=_("Ask one of them."),
            )
        if refusal := unverified(self.actor):
            return refusal
        if self.deposit.project_id is None:
            return NotNow(
                _("It belongs to no project, and export control is decided within one."),
                code="no-project",
                unblock=_("Say in the deposit which project it belongs to."),
                state=self.deposit.newest.state,
            )
        return None

    @rule
    def seal(self) -> Refusal | None:
        """Have the ledger sealed now instead of in a moment."""
        newest = self.deposit.newest
        if newest.entry is None:
            return None
        return NotNow(
            _("It is sealed already, as entry %(entry)s.") % {"entry": newest.entry},
            code="already-sealed",
            state=newest.state,
        )

    @rule
    def take_receipt(self) -> Refusal | None:
        """Download the receipt, which needs an entry in the ledger."""
        return not_sealed(self.deposit.newest.entry)

    @rule
    def request_time_stamp(self) -> Refusal | None:
        """Ask the time-stamp authority, again if it failed."""
        if refusal := self._own():
            return refusal
        newest = self.deposit.newest
        if newest.last_stamp is not None and newest.last_stamp.stamped_at:
            return NotNow(_("It has a time stamp already."), code="already-stamped", state=newest.state)
        if not settings.TSA_URL:
            return NotNow(
                _("No time-stamp authority is set up for this portal."),
                code="no-authority",
                unblock=_("The operators of the portal can set one up. The ledger proves the order without it."),
                state=newest.state,
            )
        return None

    def _own(self) -> Refusal | None:
        """Who deposited it, and the keepers of that agency."""
        own = self.deposit.agency_id == self.actor.agency_id
        if own and (self.actor.has_role(*KEEPERS) or self.deposit.person_id == getattr(self.actor.person, "pk", 0)):
            return None
        return Forbidden(
            _("Only who deposited it and the IP managers and administrators of %(agency)s do this.")
            % {"agency": self.deposit.agency.acronym},
            code="not-your-deposit",
        )


def not_sealed(entry: int | None) -> Refusal | None:
    """Why there is no receipt yet."""
    if entry is not None:
        return None
    return NotNow(
        _("It is recorded but not sealed in the ledger yet, so nothing can be proved."),
        code="not-sealed-yet",
        unblock=_("Sealing takes a second or two. Try again, or seal it now."),
        state=CommitmentState.RECORDED,
    )
