"""Who may sign a frozen text: a signatory whose mandate is valid at this instant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Mandate, Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal, Text
from portal.kit.templatetags.kit import day_words
from projects.agreements.models import Status
from projects.agreements.policies.base import Rules, not_a_party


@dataclass(frozen=True)
class SigningRules(Rules):
    """Signing, and declining to."""

    @rule
    def sign(self) -> Refusal | None:
        """Sign for the actor's agency under a mandate that is valid at this instant."""
        refusal = self._not_a_signatory()
        if refusal:
            return refusal
        assert self.party is not None
        if self.party.pk in self.agreement.valid_signatures:
            return NotNow(_("Your agency has signed this text."), code="already-signed", state=self.agreement.status)
        # What is in force between some stays open for the others that it names.
        if self.agreement.status not in (Status.SIGNING, Status.IN_FORCE) or not self.party.has_not_left:
            return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))
        return None

    @rule
    def decline(self) -> Refusal | None:
        """Decline to sign, with a reason all parties see."""
        refusal = self.refusal("sign")
        if refusal is None and self.agreement.status == Status.IN_FORCE:
            return self._wrong_state(_("It is in force between the others. Whoever does not sign is not bound."))
        return refusal

    @cached_property
    def mandate(self) -> Mandate | None:
        """A mandate of the actor for this agency and agreement that is valid now."""
        if self.actor.person is None or self.actor.agency_id is None:
            return None
        valid = Mandate.objects.valid(at=timezone.now()).for_(
            self.actor.person, self.actor.agency, self.agreement.kind, self.agreement.project.ref
        )
        return valid.order_by("created_at", "pk").first()

    def _not_a_signatory(self) -> Refusal | None:
        if self.party is None:
            return not_a_party(self.actor)
        if not self.actor.has_role(Role.SIGNATORY):
            return Forbidden(
                _("You are not a signatory of %(agency)s.") % {"agency": self.actor.agency.acronym},
                code="signatory-needed",
                unblock=_("An administrator of your agency can make you one."),
            )
        return None if self.mandate else self._no_mandate()

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
