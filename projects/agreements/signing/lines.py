"""The lines for signatures that stand in the PDF to be signed: each place in which a party of a text signs, with who is named."""

from __future__ import annotations

from collections.abc import Sequence

from agencies.models import Membership
from projects.agreements.models import TextVersion
from projects.agreements.signing.places import Place, arrange
from projects.agreements.typesetting import Block, Named


def lines_to_sign(text: TextVersion) -> list[Block]:
    """The places of its parties in the order in which they sign, under the names that stand now."""
    agreement = text.agreement
    own = {party["ref"] for party in text.document["parties"]}
    # Who joined the agreement later signs another text.
    parties = [party for party in agreement.party_list if party.agency.ref in own]
    ranked = arrange(parties, agreement.planned_slots(), [])
    places = [place for place in ranked if place.signs and place.agency.ref in own]
    positions = _positions(places)
    return [
        Block(
            party=place.agency.ref,
            order=place.order,
            needed=place.needed,
            named=[
                Named(
                    name=row.person.name,
                    native_name=row.person.native_name,
                    position=positions.get((place.agency.pk, row.person_id), ""),
                )
                for row in place.persons
            ],
        )
        for place in places
    ]


def _positions(places: Sequence[Place]) -> dict[tuple[int, int], str]:
    """By agency and person, the position in which they belong to it."""
    named = [row.person_id for place in places for row in place.persons]
    if not named:
        return {}
    agencies = {place.agency.pk for place in places}
    held = Membership.objects.filter(agency__in=agencies, person__in=named, ended_at=None).order_by("pk")
    return {(row.agency_id, row.person_id): row.position for row in held}
