"""Who transfers a share, who may object or has to consent, and when a transfer is completed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import Asset, TitleTransfer, TransferStatus
from projects.ip.policies.entries import AboutAsset, OfAsset


@dataclass(frozen=True)
class TitleRules(OfAsset):
    """The chain of title of an asset."""

    @rule
    def notify_transfer(self) -> Refusal | None:
        """Tell the others that one's share will belong to somebody else."""
        refusal = self._of_an_owner() or self._standing()
        if refusal is None and any(
            one.is_open and one.from_agency_id == self.actor.agency_id for one in self.asset.transfers.all()
        ):
            return NotNow(
                _("A transfer from your agency is under way."),
                code="transfer-under-way",
                unblock=_("Complete it or withdraw it first."),
                state=self.asset.status,
            )
        return refusal


@dataclass(frozen=True)
class TransferPolicy(AboutAsset):
    """A transfer waits for its notice, for objections, and for the consent of the other owners."""

    actor: Actor
    transfer: TitleTransfer

    @property
    def asset(self) -> Asset:  # type: ignore[override]
        return self.transfer.asset

    @rule
    def object(self) -> Refusal | None:
        """Say that one's rights would suffer; the transfer waits until that is settled."""
        refusal = self._of_another() or self._open()
        if refusal is None and self.transfer.is_over:
            return NotNow(
                _("The time to object has ended."),
                code="notice-over",
                unblock=_("Open a dispute if your rights suffer."),
                state=self.transfer.status,
            )
        return refusal

    @rule
    def consent(self) -> Refusal | None:
        """Agree to it, or lift one's objection."""
        refusal = self._of_another() or self._open()
        said = self.transfer.standing_answers().get(self.actor.agency_id or 0)
        if refusal is None and said is not None and said.consents:
            return NotNow(_("Your agency has consented."), code="already-consented", state=self.transfer.status)
        return refusal

    @rule
    def complete(self) -> Refusal | None:
        """Write the new owner into the register."""
        refusal = self._own() or self._open() or self._standing()
        if refusal is not None:
            return refusal
        if objecting := [one.agency.acronym for one in self.transfer.objections]:
            return NotNow(
                _("%(agencies)s objects to it.") % {"agencies": ", ".join(objecting)},
                code="held",
                unblock=_("It waits until the objection is lifted."),
                state=self.transfer.status,
            )
        if not self.transfer.is_over:
            return NotNow(
                _("The notice runs until %(day)s.") % {"day": date_format(self.transfer.ends_at, "j F Y, H:i e")},
                code="notice-running",
                unblock=_("Complete it after that."),
                state=self.transfer.status,
            )
        if silent := [agency.acronym for agency in self.missing_consents()]:
            return NotNow(
                _("The consent of %(agencies)s, who own it too, is missing.") % {"agencies": ", ".join(silent)},
                code="consent-missing",
                unblock=_("They consent on this page, or say in writing why not."),
                state=self.transfer.status,
            )
        if self.held_percent() < self.transfer.percent:
            return NotNow(
                _("%(agency)s does not own that much of it any more.") % {"agency": self.transfer.from_agency.acronym},
                code="share-too-small",
                unblock=_("Withdraw it and give notice of what is left."),
                state=self.transfer.status,
            )
        return None

    @rule
    def withdraw(self) -> Refusal | None:
        """Keep the share after all."""
        return self._own() or self._open()

    def missing_consents(self) -> list:
        """The other owners among the parties who have not consented to the transfer of a joint asset."""
        said = self.transfer.standing_answers()
        return [
            share.agency
            for share in self.asset.owners()
            if share.agency is not None
            and share.agency_id not in (self.transfer.from_agency_id, self.transfer.to_agency_id)
            and not (share.agency_id in said and said[share.agency_id].consents)
        ]

    def held_percent(self) -> Decimal:
        own = [share.percent for share in self.asset.owners() if share.agency_id == self.transfer.from_agency_id]
        return sum(own, Decimal(0))

    def _of_another(self) -> Refusal | None:
        if self.actor.agency_id == self.transfer.from_agency_id:
            return Forbidden(
                _("Your agency gave this notice."), code="own-notice", unblock=_("Withdraw it if it is not right.")
            )
        return self._of_a_party()

    def _own(self) -> Refusal | None:
        if self.actor.agency_id != self.transfer.from_agency_id:
            return Forbidden(
                _("Only %(agency)s, whose share it is, does this.") % {"agency": self.transfer.from_agency.acronym},
                code="not-your-share",
            )
        return self._of_a_party()

    def _open(self) -> Refusal | None:
        if self.transfer.status not in (TransferStatus.NOTICED, TransferStatus.HELD):
            return NotNow(
                _("The transfer is closed: %(state)s.") % {"state": str(self.transfer.get_status_display()).lower()},
                code="transfer-closed",
                state=self.transfer.status,
            )
        return None
