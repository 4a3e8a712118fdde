"""Who may hand in a signature made outside the portal, certify it, witness it, refuse it, or take it back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import ExternalSignature, ExternalStatus, Party
from projects.agreements.models.status import SIGNABLE
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.signatures import SignatureRules
from projects.agreements.signing.names import is_among, other_name
from projects.agreements.signing.places import awaited_names, place_for
from projects.policies import DECIDERS


@dataclass(frozen=True)
class OutsideRules(SignatureRules):
    """Signatures by hand and by certificate obey the plan as all others do, and count only once others have looked at them."""

    @rule
    def submit_external(self) -> Refusal | None:
        """Hand in what somebody signed outside for the actor's agency, in its turn."""
        if (refusal := self._not_concerned()) is not None:
            return refusal
        if self.agreement.is_frozen and self._is_complete:
            return NotNow(_("Your agency has signed this text."), code="already-signed", state=self.agreement.status)
        refusal = self._not_open_for_signature() or self._over()
        if refusal is not None:
            return refusal
        if place_for(self.places, self.actor.agency_id) is None:
            return self._awaited_before()
        if self._all_handed_in:
            return NotNow(
                _("What your agency handed in still waits."),
                code="already-submitted",
                unblock=_("Take it back to hand in another."),
                state=self.agreement.status,
            )
        return None

    @rule
    def certify_external(self) -> Refusal | None:
        """Certify, for the depositary, what a party handed in."""
        return self._not_of_the_depositary() or self._none_waits(ExternalStatus.SUBMITTED)

    @rule
    def refuse_external(self) -> Refusal | None:
        """Refuse, for the depositary, what a party handed in, with a reason that all parties read."""
        return self._not_of_the_depositary() or self._none_waits()

    @rule
    def witness_external(self) -> Refusal | None:
        """Witness, as a second person of any party, what the depositary certified."""
        return self._not_concerned() or self._none_waits(ExternalStatus.CERTIFIED)

    @rule
    def withdraw_external(self) -> Refusal | None:
        """Take back what the actor's agency handed in, until it counts."""
        return self._not_concerned() or self._none_waits(party=self.party)

    def of_external(self, verb: str, row: ExternalSignature) -> Refusal | None:
        """Why the actor may not do this to this one; permission before state, as for the rule of the same name."""
        if (refusal := self._not_for_anybody_like(verb)) is not None:
            return refusal
        if verb == "withdraw_external" and (self.party is None or row.party_id != self.party.pk):
            return Forbidden(_("Another party handed this in."), code="other-party")
        is_vouching = verb in ("certify_external", "witness_external")
        if is_vouching and (refusal := self._vouches_for_own(verb, row)) is not None:
            return refusal
        refusal = self._not_waiting(verb, row)
        return refusal or (self._cannot_count(row) if is_vouching else None)

    @cached_property
    def externals(self) -> list[ExternalSignature]:
        """What was handed in under the present text and still waits."""
        if self.agreement.text_id is None or self.agreement.status not in SIGNABLE:
            return []
        return list(self.agreement.externals.waiting().filter(text=self.agreement.text_id))

    @property
    def _is_complete(self) -> bool:
        signing = [place for place in self._own_places if place.signs]
        return bool(signing) and all(place.is_filled for place in signing)

    @property
    def _all_handed_in(self) -> bool:
        room = sum(place.needed - place.done for place in self._own_places if place.signs)
        return sum(row.party_id == self.party.pk for row in self.externals if self.party is not None) >= room

    def _not_concerned(self) -> Refusal | None:
        if self.party is None:
            return not_a_party(self.actor)
        if self.has_left:
            return Forbidden(_("Your agency has left this agreement."), code="party-left")
        return self._not_in_a_role()

    def _not_of_the_depositary(self) -> Refusal | None:
        depositary = self.agreement.depositary
        if self.actor.agency_id != depositary.pk:
            return Forbidden(
                _("The depositary, %(agency)s, does this.") % {"agency": depositary.acronym}, code="depositary-needed"
            )
        return self._not_in_a_role()

    def _not_in_a_role(self) -> Refusal | None:
        if self.actor.has_role(Role.SIGNATORY, *DECIDERS):
            return None
        return Forbidden(_("Signatories, managers and administrators do this."), code="role-needed")

    def _not_for_anybody_like(self, verb: str) -> Refusal | None:
        if verb in ("certify_external", "refuse_external"):
            return self._not_of_the_depositary()
        return self._not_concerned()

    def _vouches_for_own(self, verb: str, row: ExternalSignature) -> Refusal | None:
        """SECURITY: three people look at a signature by hand: who brings it, who certifies it, who witnesses it."""
        person = self.actor.person
        assert person is not None
        names = (row.signatory_name, row.signatory_native_name, other_name(row))
        if any(is_among(name, (person.name, person.native_name)) for name in names):
            return Forbidden(_("Nobody vouches for a signature of their own."), code="own-signature")
        if row.submitted_by_id == person.pk:
            return Forbidden(
                _("You handed this in; another person looks at it."),
                code="own-submission",
                unblock=_("Any other manager, administrator or signatory who may do this."),
            )
        if verb == "witness_external" and row.certified_by_id == person.pk:
            return Forbidden(_("You certified this; a second person witnesses it."), code="own-certification")
        return None

    def _none_waits(self, status: str = "", party: Party | None = None) -> Refusal | None:
        if self.agreement.status not in SIGNABLE:
            return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))
        for row in self.externals:
            if status in ("", row.status) and (party is None or row.party_id == party.pk):
                return None
        return NotNow(
            _("Nothing that was signed outside waits for this."), code="nothing-waits", state=self.agreement.status
        )

    def _not_waiting(self, verb: str, row: ExternalSignature) -> Refusal | None:
        if row.text_id != self.agreement.text_id or self.agreement.status not in SIGNABLE:
            return NotNow(
                _("It was signed under a text that is no longer open for signature."),
                code="text-changed",
                unblock=_("It stays on record. What is signed now is handed in anew."),
                state=self.agreement.status,
            )
        wanted = {"certify_external": ExternalStatus.SUBMITTED, "witness_external": ExternalStatus.CERTIFIED}.get(verb)
        if not row.is_waiting or (wanted is not None and row.status != wanted):
            return NotNow(
                _("It stands otherwise by now: %(status)s.") % {"status": ExternalStatus(row.status).label},
                code="wrong-state",
                state=row.status,
            )
        return None

    def _cannot_count(self, row: ExternalSignature) -> Refusal | None:
        """A signature from outside has the places, the order and the last day of every other."""
        party = next(party for party in self.agreement.party_list if party.pk == row.party_id)
        if party.left_on is not None:
            return NotNow(_("That party has left."), code="party-left", state=self.agreement.status)
        own = [place for place in self.places if place.signs and place.agency.pk == party.agency_id]
        if own and all(place.is_filled for place in own):
            reason = _("%(agency)s has signed this text.") % {"agency": party.agency.acronym}
            return NotNow(reason, code="already-signed", state=self.agreement.status)
        if (refusal := self._over()) is not None:
            return refusal
        return None if place_for(self.places, party.agency_id) is not None else self._awaited_before()

    def _awaited_before(self) -> Refusal:
        return NotNow(
            _("The order is not there yet: it waits for %(names)s.") % {"names": awaited_names(self.places)},
            code="not-your-turn",
            unblock=_("It goes on as soon as those before are done."),
            state=self.agreement.status,
        )
