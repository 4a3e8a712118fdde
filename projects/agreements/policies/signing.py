"""Who may sign a frozen text: a signatory whose turn it is and whose mandate is valid at this instant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Mandate, Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal, Text
from portal.kit.templatetags.kit import day_words
from projects.agreements.models import SlotRole, Status
from projects.agreements.models.status import SIGNABLE
from projects.agreements.policies.base import not_a_party
from projects.agreements.policies.force import ForceRules
from projects.agreements.signing.call import running_call
from projects.agreements.signing.levels import asks_for_qualified
from projects.agreements.signing.persons import may_endorse
from projects.agreements.signing.places import Place, awaited_names, place_for, places_of


@dataclass(frozen=True)
class SigningRules(ForceRules):
    """Signing when it is one's turn, and declining to."""

    @rule
    def sign(self) -> Refusal | None:
        """Sign for the actor's agency, in its turn, under a mandate that is valid at this instant."""
        refusal = self._not_a_signatory(self.mandate) or self._not_addressed()
        if refusal:
            return refusal
        # What is in force between some stays open for the others that it names.
        refusal = self._signed_already() or self._not_open_for_signature() or self._only_outside()
        return refusal or self._over() or self._not_your_turn()

    @rule
    def decline(self) -> Refusal | None:
        """Decline to sign or to approve, with a reason all parties see; nobody has to wait for their turn with a no."""
        refusal = None
        if not self._may_approve:
            refusal = self._not_a_signatory(self.mandate) or self._not_addressed()
        refusal = refusal or self._signed_already() or self._not_open_for_signature()
        if refusal is None and self.agreement.status == Status.IN_FORCE:
            return self._wrong_state(_("It is in force between the others. Whoever does not sign is not bound."))
        return refusal or self.waits_for_confirmation()

    @cached_property
    def places(self) -> list[Place]:
        """Every place under the frozen text, the first order first."""
        return places_of(self.agreement)

    @cached_property
    def place(self) -> Place | None:
        """The place that a signature of the actor would fill now."""
        return place_for(self.places, self.actor.agency_id, self.actor.person)

    @cached_property
    def mandate(self) -> Mandate | None:
        """A mandate of the actor for this agency and agreement that is valid now.

        One that asks for a second signature serves where the party is complete by two.
        """
        if self.sole_mandate is not None or not self._signs_together:
            return self.sole_mandate
        return next(iter(self._mandates), None)

    @property
    def sole_mandate(self) -> Mandate | None:
        """One by which the actor alone commits the agency."""
        return next((mandate for mandate in self._mandates if not mandate.cosignature), None)

    @cached_property
    def _mandates(self) -> list[Mandate]:
        if self.actor.person is None or self.actor.agency_id is None:
            return []
        valid = Mandate.objects.valid(at=timezone.now()).for_(
            self.actor.person, self.actor.agency, self.agreement.kind, self.agreement.project.ref, together=True
        )
        return list(valid.order_by("created_at", "pk"))

    @property
    def _signs_together(self) -> bool:
        agency = self.actor.agency_id
        return self.agreement.is_frozen and agency is not None and self.agreement.need_of(agency) > 1

    @property
    def _own_places(self) -> list[Place]:
        return [place for place in self.places if place.agency.pk == self.actor.agency_id]

    @property
    def _may_approve(self) -> bool:
        """Whether the actor is one who approves for their agency before others sign, under this text."""
        own = (place for place in self._own_places if place.role == SlotRole.APPROVER)
        return self.agreement.status == Status.SIGNING and any(may_endorse(self.actor, place) for place in own)

    def _not_a_signatory(self, mandate: Mandate | None) -> Refusal | None:
        if self.party is None:
            return not_a_party(self.actor)
        if not self.actor.has_role(Role.SIGNATORY):
            return Forbidden(
                _("You are not a signatory of %(agency)s.") % {"agency": self.actor.agency.acronym},
                code="signatory-needed",
                unblock=_("An administrator of your agency can make you one."),
            )
        return None if mandate else self._no_mandate()

    def _not_addressed(self) -> Refusal | None:
        """Permission: where an agency named its signatories, nobody else of it signs."""
        own = [place for place in self._own_places if place.signs and not place.is_filled]
        if not own or self._has_signed or any(place.admits(self.actor.person) for place in own):
            return None
        names = get_text_list([person.name for place in own for person in place.waits_for], gettext("or"))
        return Forbidden(
            _("%(agency)s has named who signs: %(names)s.") % {"agency": self.actor.agency.acronym, "names": names},
            code="not-addressed",
            unblock=_("Your agency’s managers and administrators can name you; a signatory can hand over to you."),
        )

    @property
    def _has_signed(self) -> bool:
        """For this agency: who signs for another party too does that with a mandate of that one."""
        person, party = self.actor.person, self.party
        if person is None or party is None:
            return False
        own = (party.pk, person.pk)
        return any((row.party_id, row.person_id) == own for row in self.agreement.standing_signatures)

    def _signed_already(self) -> Refusal | None:
        signing = [place for place in self._own_places if place.signs]
        if signing and all(place.is_filled for place in signing):
            reason = _("Your agency has signed this text.")
        elif self._has_signed:
            reason = _("You have signed this text; another signatory of your agency completes it.")
        else:
            return None
        return NotNow(reason, code="already-signed", state=self.agreement.status)

    def _not_open_for_signature(self) -> Refusal | None:
        assert self.party is not None
        if self.agreement.status in SIGNABLE and self.party.has_not_left:
            return None
        return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))

    def _only_outside(self) -> Refusal | None:
        """What the parties answered about the level of electronic signatures may leave no room for those of the portal."""
        if not asks_for_qualified(self.agreement):
            return None
        return NotNow(
            _("This text asks for qualified electronic signatures, and none that is made in the portal is one."),
            code="level-excluded",
            unblock=_("Sign its PDF with a qualified certificate, or by hand, and hand that in."),
            state=self.agreement.status,
        )

    def _over(self) -> Refusal | None:
        call = running_call(self.agreement)
        if call is None or not call.is_over(timezone.now()):
            return None
        assert call.sign_by is not None
        return NotNow(
            _("The time for signing ended with %(day)s.") % {"day": day_words(call.sign_by)},
            code="signing-over",
            unblock=_("The depositary, %(agency)s, can name a later day, or a party reopens the text.")
            % {"agency": self.agreement.depositary.acronym},
            state=self.agreement.status,
        )

    def _not_your_turn(self) -> Refusal | None:
        if self.place is not None:
            return None
        return NotNow(
            _("It is not your turn: it waits for %(names)s.") % {"names": awaited_names(self.places)},
            code="not-your-turn",
            unblock=_("You are asked as soon as those before you are done."),
            state=self.agreement.status,
        )

    def _no_mandate(self) -> Refusal:
        """Say what is wrong with the mandates the person has, so that the right thing gets mended."""
        person, agency = self.actor.person, self.actor.agency
        last = Mandate.objects.filter(person=person, agency=agency).select_related("agency").order_by("-pk").first()
        if last is not None and not last.is_live:
            return Forbidden(_invalid(last), code="mandate-expired", unblock=_("Your agency renews the mandate."))
        if last is not None:
            return Forbidden(
                last.covers(self.agreement.kind, self.agreement.project.ref),
                code="mandate-does-not-cover",
                unblock=_("Your agency grants a mandate that covers it and lets you sign alone."),
            )
        other = (
            Mandate.objects.valid(at=timezone.now())
            .filter(person=person)
            .exclude(agency=agency)
            .select_related("agency")
            .first()
        )
        if other is not None:
            return Forbidden(
                _("Your mandate is for %(other)s, and you act for %(agency)s.")
                % {"other": other.agency.acronym, "agency": agency.acronym},
                code="mandate-of-another-agency",
                unblock=_("Act for the agency that mandated you, or have this one grant a mandate."),
            )
        return Forbidden(
            _("You have no mandate to sign for %(agency)s.") % {"agency": agency.acronym},
            code="mandate-needed",
            unblock=_("An administrator of your agency grants one."),
        )


def _invalid(mandate: Mandate) -> Text:
    """Say exactly why a mandate does not hold now."""
    agency = mandate.agency.acronym
    if mandate.revoked_at is not None:
        day = mandate.agency.local(mandate.revoked_at).date()
        return _("Your mandate %(ref)s for %(agency)s was revoked on %(day)s.") % {
            "ref": mandate.ref,
            "agency": agency,
            "day": day_words(day),
        }
    if mandate.is_ahead:
        words = _("Your mandate %(ref)s for %(agency)s begins on %(day)s.")
        return words % {"ref": mandate.ref, "agency": agency, "day": day_words(mandate.starts_on)}
    if mandate.ends_on is None:
        return _("Your mandate %(ref)s for %(agency)s has ended.") % {"ref": mandate.ref, "agency": agency}
    words = _("Your mandate %(ref)s for %(agency)s expired at the end of %(day)s.")
    return words % {"ref": mandate.ref, "agency": agency, "day": day_words(mandate.ends_on)}
