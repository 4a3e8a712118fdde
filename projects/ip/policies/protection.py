"""Who records what happens to a right, and how one is given up: only after it was offered to the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import AbandonmentOffer, Asset, OfferStatus
from projects.ip.policies.entries import AboutAsset, OfAsset


@dataclass(frozen=True)
class ProtectionRules(OfAsset):
    """The rights in an asset at their offices."""

    @rule
    def record_step(self) -> Refusal | None:
        """Say what happened to a right: filed, published, granted, maintained, lapsed."""
        return self._of_an_owner() or self._standing()

    @rule
    def offer_abandonment(self) -> Refusal | None:
        """Offer a right to the others before giving it up."""
        return self._of_an_owner() or self._standing()


@dataclass(frozen=True)
class AbandonmentPolicy(AboutAsset):
    """An offer: the others take the right over while it runs; afterwards the owner may give the right up."""

    actor: Actor
    offer: AbandonmentOffer

    @property
    def asset(self) -> Asset:  # type: ignore[override]
        return self.offer.asset

    @rule
    def take_over(self) -> Refusal | None:
        """Keep the right alive at one's own expense."""
        if self.actor.agency_id == self.offer.agency_id:
            return Forbidden(
                _("Your agency offers it."), code="own-offer", unblock=_("Keep it, and the offer is closed.")
            )
        refusal = self._of_a_party() or self._open()
        if refusal is None and self.offer.is_over:
            return NotNow(
                _("The time to take it over has ended."),
                code="offer-over",
                unblock=_("Ask %(agency)s to offer it again.") % {"agency": self.offer.agency.acronym},
                state=self.offer.status,
            )
        return refusal

    @rule
    def keep(self) -> Refusal | None:
        """Not give it up after all."""
        return self._own() or self._open()

    @rule
    def abandon(self) -> Refusal | None:
        """Give the right up, once the others have had their time."""
        refusal = self._own() or self._open()
        if refusal is None and not self.offer.is_over:
            return NotNow(
                _("The others may take it over until %(day)s.")
                % {"day": date_format(self.offer.ends_at, "j F Y, H:i e")},
                code="offer-running",
                unblock=_("Wait until then."),
                state=self.offer.status,
            )
        return refusal

    def _own(self) -> Refusal | None:
        if self.actor.agency_id != self.offer.agency_id:
            return Forbidden(
                _("Only %(agency)s, which offers it, does this.") % {"agency": self.offer.agency.acronym},
                code="not-your-offer",
            )
        return self._of_a_party()

    def _open(self) -> Refusal | None:
        if self.offer.status != OfferStatus.OFFERED:
            return NotNow(
                _("The offer is closed: %(state)s.") % {"state": str(self.offer.get_status_display()).lower()},
                code="offer-closed",
                state=self.offer.status,
            )
        return None
