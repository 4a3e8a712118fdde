"""Who may plan the places under a text, name who fills them, hand one over, approve, confirm, and prolong the time."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import SlotRole, Status
from projects.agreements.models.status import SIGNABLE
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.signing import SigningRules
from projects.agreements.signing.call import call_of
from projects.agreements.signing.persons import may_endorse
from projects.agreements.signing.places import Place, awaited_names, planned_places
from projects.policies import DECIDERS


@dataclass(frozen=True)
class PlaceRules(SigningRules):
    """From the plan of signing to the last place that is filled."""

    @rule
    def plan_signing(self) -> Refusal | None:
        """Say who signs, approves, confirms and receives, and in which order."""
        refusal = self._not_an_editor()
        if refusal or self.agreement.is_open:
            return refusal
        if not self._is_depositary:
            words = _("Once the text is frozen the depositary, %(agency)s, changes the order.")
            return Forbidden(words % {"agency": self.agreement.depositary.acronym}, code="depositary-only")
        return self._not_in(Status.SIGNING, _("The order can be changed until everybody has signed."))

    @rule
    def name_signatories(self) -> Refusal | None:
        """Name or replace the persons of one's agency in a place that is not filled."""
        refusal = self._not_an_editor()
        if refusal or self.agreement.is_open:
            return refusal
        if self.agreement.status not in SIGNABLE:
            return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))
        if not self.own_unfilled:
            return NotNow(
                _("Your agency has done everything it is asked for."),
                code="already-signed",
                state=self.agreement.status,
            )
        return None

    @rule
    def hand_over(self) -> Refusal | None:
        """Hand the place in which one is named over to somebody else of one's agency."""
        if self.party is None:
            return not_a_party(self.actor)
        if not any(self._names_actor(place) for place in self._own_places):
            return Forbidden(_("You are not named for a place that could be handed over."), code="not-addressed")
        if self.agreement.status not in SIGNABLE:
            return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))
        if not self.own_to_hand_over:
            return NotNow(_("Your place is filled."), code="already-signed", state=self.agreement.status)
        call = call_of(self.agreement)
        if call is not None and not call.may_hand_over:
            return NotNow(
                _("Handing over was ruled out when the text was frozen."),
                code="no-handing-over",
                unblock=_("Your agency’s managers and administrators can name somebody else."),
                state=self.agreement.status,
            )
        return None

    @rule
    def approve_for_signing(self) -> Refusal | None:
        """Approve the frozen text, so that those of the next order can sign."""
        return self._not_endorsing(SlotRole.APPROVER, _("Your agency has approved this text."))

    @rule
    def confirm_seen(self) -> Refusal | None:
        """Confirm having seen the frozen text."""
        return self._not_endorsing(SlotRole.VIEWER, _("Your agency has confirmed that it has seen this text."))

    @rule
    def extend_signing(self) -> Refusal | None:
        """Name another day until which the text can be signed."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if not self._is_depositary:
            words = _("The depositary, %(agency)s, names the day.")
            return Forbidden(words % {"agency": self.agreement.depositary.acronym}, code="depositary-only")
        return self._not_in(Status.SIGNING, _("Nothing is being signed."))

    @property
    def own_unfilled(self) -> list[Place]:
        """The places of the actor's agency that are not filled, whether the text is frozen or not."""
        places = self.places if self.agreement.is_frozen else planned_places(self.agreement)
        return [place for place in places if place.agency.pk == self.actor.agency_id and not place.is_filled]

    @property
    def own_to_hand_over(self) -> list[Place]:
        """Those in which the actor is named and has not signed."""
        return [place for place in self._own_places if not place.is_filled and self.actor.person in place.waits_for]

    def own_to_endorse(self, role: str) -> Place | None:
        """The open place in which the actor approves or confirms now."""
        own = (place for place in self._own_places if place.role == role and place.is_open)
        return next((place for place in own if may_endorse(self.actor, place)), None)

    @property
    def _is_depositary(self) -> bool:
        return self.actor.agency_id == self.agreement.depositary_id

    def _names_actor(self, place: Place) -> bool:
        person = self.actor.person
        return person is not None and any(row.person_id == person.pk for row in place.persons)

    def _not_endorsing(self, role: str, done: object) -> Refusal | None:
        own = [place for place in self._own_places if place.role == role]
        refusal = self._not_a_person_of(own)
        if refusal:
            return refusal
        if self.agreement.status != Status.SIGNING:
            return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))
        if all(place.is_filled for place in own if may_endorse(self.actor, place)):
            return NotNow(done, code="already-endorsed", state=self.agreement.status)  # type: ignore[arg-type]
        if (over := self._over()) is not None:
            return over
        if self.own_to_endorse(role) is None:
            return NotNow(
                _("It is not your turn: it waits for %(names)s.") % {"names": awaited_names(self.places)},
                code="not-your-turn",
                unblock=_("You are asked as soon as those before you are done."),
                state=self.agreement.status,
            )
        return None

    def _not_a_person_of(self, places: list[Place]) -> Refusal | None:
        """Permission, asked before state: a party, in a place that the plan gives it, as a person who may fill it."""
        if self.party is None:
            return not_a_party(self.actor)
        if any(may_endorse(self.actor, place) for place in places):
            return None
        if any(place.persons for place in places):
            return Forbidden(_("Your agency has named other persons for this."), code="not-addressed")
        if not self.actor.has_role(*DECIDERS):
            return Forbidden(_("Managers and administrators of a party do this."), code="role-needed")
        return self._wrong_state(_("The plan of signing asks your agency for nothing of the sort."))
