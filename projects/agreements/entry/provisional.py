"""Provisional application: between which parties a text is applied before it enters into force, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from projects.agreements.entry.facts import Facts
from projects.agreements.models import Agreement

# Nobody applies a text with themselves alone.
LEAST = 2


@dataclass(frozen=True)
class Provisional:
    """The parties by reference with the day from which each applies the text, in the order in which they signed.

    `since` is the first day on which two apply it, None before; `until` the day of the entry into force, None before.
    """

    parties: dict[str, date]
    since: date | None
    until: date | None


def provisional_of(agreement: Agreement, told: Facts) -> Provisional | None:
    """What follows from the answer of the profile and the signatures; None for a text that is not applied provisionally.

    The clause lets the parties that have signed apply it between them from the date of signature, pending its entry into
    force (Vienna Convention on the Law of Treaties, article 25). Days are those of the depositary, as in the entry itself.
    """
    if agreement.profile.get("provisional_application") is not True:
        return None
    signed = sorted((party.signed.at, party.ref) for party in told.parties if party.signed is not None)
    days = {ref: told.day_of(at) for at, ref in signed}
    if agreement.in_force_on is not None:
        days = {ref: day for ref, day in days.items() if day < agreement.in_force_on}
    since = list(days.values())[LEAST - 1] if len(days) >= LEAST else None
    return Provisional(days, since, agreement.in_force_on)
