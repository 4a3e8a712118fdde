"""The rule of entry into force, stored as data: is it satisfied, who is missing, from which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.agreements.models import Agreement, Party

RULES: dict[str, dict[str, Any]] = {
    "all_signed": {"all_signed": True},
    "all_notified": {"and": [{"all_signed": True}, {"all_notified": True}]},
}


@dataclass(frozen=True)
class Readiness:
    """What the rule says now. `day` is the day of the last act in the depositary's zone, when nothing is missing."""

    unsigned: list[Party]
    not_notified: list[Party]
    day: date | None

    @property
    def is_satisfied(self) -> bool:
        return self.day is not None


def evaluate(agreement: Agreement) -> Readiness:
    """Say where the rule of an agreement stands; it never writes the date, the depositary confirms it."""
    signatures = agreement.valid_signatures
    unsigned = [party for party in agreement.party_list if party.pk not in signatures]
    silent = [party for party in agreement.party_list if needs_notification(agreement) and party.notified_at is None]
    if unsigned or silent:
        return Readiness(unsigned, silent, None)
    acts = [signature.signed_at for signature in signatures.values()]
    acts += [party.notified_at for party in agreement.party_list if needs_notification(agreement)]
    return Readiness([], [], agreement.depositary.local(max(acts)).date())


def needs_notification(agreement: Agreement) -> bool:
    """Whether each party still notifies, after signing, that its own procedures are complete."""
    return agreement.entry_rule == RULES["all_notified"]
