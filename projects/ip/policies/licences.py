"""Who licenses an asset to others, after which notice, and who has to consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import Asset, Licence, LicenceStatus
from projects.ip.policies.entries import AboutAsset, OfAsset, is_owner


@dataclass(frozen=True)
class LicenceRules(OfAsset):
    """Licences that owners give on an asset."""

    @rule
    def license(self) -> Refusal | None:
        """License it: alone at once, together with others after notice to them."""
        return self._of_an_owner() or self._standing()


@dataclass(frozen=True)
class LicencePolicy(AboutAsset):
    """A licence of a joint result is recorded when its notice has run; one that needs it when every owner consents."""

    actor: Actor
    licence: Licence

    @property
    def asset(self) -> Asset:  # type: ignore[override]
        return self.licence.asset

    @rule
    def consent(self) -> Refusal | None:
        """Agree, as another owner, to a licence that needs it."""
        refusal = self._of_another_owner()
        said = self.licence.standing_answers().get(self.actor.agency_id or 0)
        if refusal is None and said is not None and said.consents:
            return NotNow(_("Your agency has consented."), code="already-consented", state=self.licence.status)
        return refusal

    @rule
    def refuse(self) -> Refusal | None:
        """Disagree, as another owner, with a licence that needs consent, and say why."""
        return self._of_another_owner()

    @rule
    def record(self) -> Refusal | None:
        """Record it as given, once the notice has run."""
        refusal = self._own() or self._noticed() or self._standing()
        if refusal is not None:
            return refusal
        if not self.licence.is_over:
            return notice_running(self.licence.first_day, self.licence.status)
        if silent := [agency.acronym for agency in self.missing_consents()]:
            return NotNow(
                _("The consent of %(agencies)s is missing.") % {"agencies": ", ".join(silent)},
                code="consent-missing",
                unblock=_("This licence needs the consent of every owner."),
                state=self.licence.status,
            )
        return None

    @rule
    def withdraw(self) -> Refusal | None:
        """Not give it after all."""
        return self._own() or self._noticed()

    @rule
    def end(self) -> Refusal | None:
        """Say that it has ended before its last day."""
        refusal = self._own()
        if refusal is None and self.licence.status != LicenceStatus.RECORDED:
            return NotNow(_("It is not recorded as given."), code="not-recorded", state=self.licence.status)
        return refusal

    def missing_consents(self) -> list[Agency]:
        """The other owners who have not consented to a licence that needs it."""
        if not self.licence.needs_consent:
            return []
        said = self.licence.standing_answers()
        return [
            share.agency
            for share in self.asset.owners()
            if share.agency is not None
            and share.agency_id != self.licence.licensor_id
            and not (share.agency_id in said and said[share.agency_id].consents)
        ]

    def _of_another_owner(self) -> Refusal | None:
        if self.actor.agency_id == self.licence.licensor_id or not is_owner(self.actor, self.asset):
            return Forbidden(_("The other owners answer it."), code="not-another-owner")
        refusal = self._of_an_owner()
        if refusal is None and not self.licence.needs_consent:
            return NotNow(
                _("A non-exclusive licence needs notice to the other owners, not their consent."),
                code="no-consent-needed",
                state=self.licence.status,
            )
        return refusal or self._noticed()

    def _own(self) -> Refusal | None:
        if self.actor.agency_id != self.licence.licensor_id:
            return Forbidden(
                _("Only %(agency)s, which gives it, does this.") % {"agency": self.licence.licensor.acronym},
                code="not-your-licence",
            )
        return self._of_a_party()

    def _noticed(self) -> Refusal | None:
        if self.licence.status != LicenceStatus.NOTICED:
            return NotNow(
                _("Its notice is closed: %(state)s.") % {"state": str(self.licence.get_status_display()).lower()},
                code="notice-closed",
                state=self.licence.status,
            )
        return None


def notice_running(first_day: date, state: str) -> NotNow:
    """The refusal of what would begin before the notice to the other owners has run."""
    day = date_format(first_day, "j F Y")
    return NotNow(
        _("The other owners have notice first: the earliest day is %(day)s.") % {"day": day},
        code="notice-running",
        unblock=_("Let it begin on %(day)s or later.") % {"day": day},
        state=state,
    )
