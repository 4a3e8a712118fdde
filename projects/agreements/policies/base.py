"""What every rule about an agreement starts from: the actor's party, the text as it stands, and the usual refusals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind
from portal.kit.actors import Actor
from portal.kit.policies import Policy
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.document import current_hash
from projects.agreements.models import Agreement, Party, Status
from projects.policies import DECIDERS

ABOUT_ANOTHER = (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)


@dataclass(frozen=True)
class Rules(Policy):
    """Rules of one agreement for one actor; permission is asked before state."""

    actor: Actor
    agreement: Agreement

    @property
    def party(self) -> Party | None:
        return self.agreement.party_of(self.actor.agency_id)

    @property
    def has_left(self) -> bool:
        """Whether the actor's party is bound no more, here or by the agreement that this instrument is about."""
        if self.party is not None and self.party.left_on is not None:
            return True
        parent = self.agreement.parent
        if parent is None or self.agreement.kind not in ABOUT_ANOTHER:
            return False
        above = parent.party_of(self.actor.agency_id)
        return above is not None and above.left_on is not None

    @property
    def has_agreed(self) -> bool:
        """Whether the actor's party agreed to exactly this text."""
        return self.party is not None and self.party.agreed_sha256 == self.current_hash

    @property
    def not_agreed(self) -> list[Party]:
        """The parties that have not agreed to exactly this text."""
        return [party for party in self.agreement.party_list if party.agreed_sha256 != self.current_hash]

    @cached_property
    def current_hash(self) -> str:
        return current_hash(self.agreement)

    def _not_an_editor(self) -> Refusal | None:
        if self.party is None:
            return not_a_party(self.actor)
        if self.has_left:
            return Forbidden(_("Your agency has left this agreement."), code="party-left")
        if not self.actor.has_role(*DECIDERS):
            return Forbidden(_("Managers and administrators of a party do this."), code="role-needed")
        return None

    def _not_in(self, status: Status, reason: object) -> Refusal | None:
        return None if self.agreement.status == status else self._wrong_state(reason)

    def _wrong_state(self, reason: object, unblock: object = "") -> NotNow:
        return NotNow(reason, code="wrong-state", unblock=unblock, state=self.agreement.status)  # type: ignore[arg-type]


def not_a_party(actor: Actor) -> Forbidden:
    name = actor.agency.acronym if actor.agency is not None else ""
    return Forbidden(
        _("%(agency)s is not a party to this agreement.") % {"agency": name},
        code="not-a-party",
        unblock=_("If you also act for a party, switch to it in the header."),
    )
