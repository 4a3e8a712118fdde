"""Who records what happens to a right, and how one is given up: only after it was offered to the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import AbandonmentOffer, Asset, OfferStatus, right_of, taken_over
from projects.ip.policies.entries import AboutAsset, OfAsset, is_owner


@dataclass(frozen=True)
class ProtectionRules(OfAsset):
    """The rights in an asset at their offices: of the owners, and of whoever took one over."""

    @rule
    def record_step(self) -> Refusal | None:
        """Say what happened to a right: filed, published, granted, maintained, lapsed."""
        return self._of_a_holder() or self._standing()

    @rule
    def offer_abandonment(self) -> Refusal | None:
        """Offer a right to the others before giving it up."""
        return self._of_a_holder() or self._standing()

    def _of_a_holder(self) -> Refusal | None:
        if not is_owner(self.actor, self.asset) and self.actor.agency in taken_over(self.asset).values():
            return self._of_a_party()
        return self._of_an_owner()


@dataclass(frozen=True)
class RightPolicy(AboutAsset):
    """One right at its office: whoever took it over has it alone, whatever it owns; before that the owners have it."""

    actor: Actor
    asset: Asset
    office: str
    number: str

    @rule
    def record_step(self) -> Refusal | None:
        """Say what happened to this right."""
        return self.refusal("hold") or self._standing()

    @rule
    def offer_abandonment(self) -> Refusal | None:
        """Offer this right to the others before giving it up."""
        return self.refusal("hold") or self._standing()

    @rule
    def hold(self) -> Refusal | None:
        """Act for whoever has it now."""
        holder = taken_over(self.asset).get(right_of(self.office, self.number))
        if holder is None:
            return self._of_an_owner()
        if holder != self.actor.agency:
            return Forbidden(
                _("%(agency)s took this right over.") % {"agency": holder.acronym},
                code="taken-over",
                unblock=_("Ask %(agency)s to record it, or to offer it again.") % {"agency": holder.acronym},
            )
        return self._of_a_party()


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
        # Whoever has passed its share on since gives up nothing that belongs to others.
        return refusal or RightPolicy(self.actor, self.asset, self.offer.office, self.offer.number).refusal("hold")

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
