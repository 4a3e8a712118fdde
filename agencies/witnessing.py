"""Who may watch over the ledger for an agency, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Role, Status
from portal.history.models import Mailing, Witness
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal, Text

KEYS_AT_ONCE = 5


def readers_of_the_ledger() -> Iterable[Agency]:
    """Every agency that has ever been verified or waits to be: all are told when the ledger does not hold."""
    return Agency.objects.exclude(status=Status.REFUSED)


def addresses_of(agency: Agency) -> list[str]:
    """Where the agency has checkpoints mailed."""
    mailing = Mailing.objects.filter(agency_ref=agency.ref).first()
    return mailing.addresses if mailing else []


@dataclass(frozen=True)
class WitnessingPolicy(Policy):
    """Rules of the witnesses of one agency for one actor."""

    actor: Actor
    agency: Agency

    @rule
    def register_witness(self) -> Refusal | None:
        """Name a key that will co-sign checkpoints for it."""
        refusal = self._not_an_administrator(_("Administrators of the agency register its witnesses."))
        if refusal is not None:
            return refusal
        if self.agency.status != Status.VERIFIED:
            return NotNow(
                _("A witness speaks for an agency that was checked."),
                code="not-verified",
                unblock=_("Wait until an operator has verified your agency."),
            )
        if not self.agency.domain:
            return NotNow(
                _("A witness is named after the domain of its agency, and yours has none on record."),
                code="no-domain",
                unblock=_("Ask an operator to add the domain."),
            )
        if Witness.objects.of(self.agency.ref).in_use().count() >= KEYS_AT_ONCE:
            return NotNow(_("Your agency has several witnesses."), code="too-many", unblock=_("Retire one of them."))
        return None

    @rule
    def set_checkpoint_addresses(self) -> Refusal | None:
        """Say where new checkpoints are mailed."""
        return self._not_an_administrator(_("Administrators of the agency say where checkpoints are mailed."))

    @rule
    def cosign(self) -> Refusal | None:
        """Hand in what a witness of the agency signed; the key itself says who that was."""
        return self._not_a_member()

    @rule
    def compare_checkpoint(self) -> Refusal | None:
        """Hold a checkpoint that the agency kept against the ledger."""
        return self._not_a_member()

    def _not_an_administrator(self, reason: Text) -> Refusal | None:
        if refusal := self._not_a_member():
            return refusal
        if not self.actor.has_role(Role.ADMINISTRATOR):
            return Forbidden(reason, code="role-needed", unblock=_("Ask an administrator of your agency."))
        return None

    def _not_a_member(self) -> Refusal | None:
        if self.actor.agency_id is not None and self.actor.agency_id == self.agency.pk:
            return None
        return Forbidden(_("You do not act for this agency."), code="other-agency")


@dataclass(frozen=True)
class WitnessPolicy(Policy):
    """Rules of one witness for one actor."""

    actor: Actor
    witness: Witness

    @rule
    def retire(self) -> Refusal | None:
        """Have it co-sign nothing from now on; what it signed stays."""
        agency = self.actor.agency
        if agency is None or agency.ref != self.witness.agency_ref or not self.actor.has_role(Role.ADMINISTRATOR):
            return Forbidden(_("Administrators of the agency retire its witnesses."), code="role-needed")
        return None if self.witness.is_in_use else NotNow(_("The witness is retired."), code="retired")
