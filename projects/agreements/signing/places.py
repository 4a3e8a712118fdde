"""Places under a text: who signs, approves, confirms or receives, in which order, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from projects.agreements.models import Agreement, Party, Signature, Slot, SlotRole

FIRST = 1
# In which order the roles of one agency stand where their order is equal.
RANK = {SlotRole.APPROVER: 0, SlotRole.VIEWER: 1, SlotRole.SIGNER: 2, SlotRole.COPY: 3}


class State(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    FILLED = "filled"


@dataclass(frozen=True)
class Place:
    """One agency in one role and order: how many persons it takes, who has filled it, who may.

    `slot` is None for the usual place of a party that the plan does not name. `signatures` are those that fill it, void
    ones left out; `endorsed_at` and `endorsed_by` say the same of an approver or a viewer. Nobody in `persons` means:
    whoever of the agency may do it.
    """

    agency: Any
    role: str
    order: int = FIRST
    needed: int = 1
    slot: Slot | None = None
    persons: tuple[Any, ...] = ()
    signatures: tuple[Signature, ...] = ()
    endorsed_at: datetime | None = None
    endorsed_by: str = ""
    state: State = State.WAITING
    # The order that is done just before this one is asked; where nothing holds it up, none.
    after: int | None = None
    # What was handed in for it from outside and does not count yet, in words; only where a page asks for it.
    handed_in: str = ""

    @property
    def done(self) -> int:
        return len(self.signatures) if self.signs else int(self.endorsed_at is not None)

    @property
    def signs(self) -> bool:
        return self.role == SlotRole.SIGNER

    @property
    def is_copy(self) -> bool:
        return self.role == SlotRole.COPY

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_filled(self) -> bool:
        return self.state == State.FILLED

    @property
    def has_room(self) -> bool:
        return self.done < self.needed

    @property
    def to_be_confirmed(self) -> bool:
        """Whether a signature in it was made ad referendum and does not count yet."""
        return any(row.counts_from is None for row in self.signatures)

    @property
    def role_name(self) -> Any:
        return SlotRole(self.role).label

    @property
    def waiting(self) -> list[Any]:
        """Those named here who have not signed yet; empty where nobody is named."""
        signed = {row.person_id for row in self.signatures}
        return [row for row in self.persons if row.person_id not in signed]

    @property
    def waits_for(self) -> list[Any]:
        """The same as persons."""
        return [row.person for row in self.waiting]

    def admits(self, person: Any) -> bool:
        """Whether this person is one of those who may fill it, as far as persons are named."""
        return not self.persons or (person is not None and any(row.person_id == person.pk for row in self.persons))


def places_of(agreement: Agreement) -> list[Place]:
    """The places under the frozen text of an agreement, the first order first."""
    return arrange(agreement.party_list, agreement.slot_list, agreement.standing_signatures)


def planned_places(agreement: Agreement) -> list[Place]:
    """The same while the text may still change: nothing of it is filled."""
    if agreement.text_id is not None:
        return places_of(agreement)
    return arrange(agreement.party_list, agreement.planned_slots(), [])


def arrange(parties: Sequence[Party], slots: Iterable[Slot], standing: Iterable[Signature]) -> list[Place]:
    """Give every party its places, every signature its place and every place its state; asks the database nothing.

    Places of one order are open together, those of the next when all before them are filled. A copy holds nothing up: it is
    open until the last of the others is filled, and filled with it.
    """
    rank = {party.agency_id: position for position, party in enumerate(parties)}
    places = [_of_slot(slot) for slot in slots]
    signing = {place.agency.pk for place in places if place.signs}
    places += [Place(party.agency, SlotRole.SIGNER) for party in parties if party.agency_id not in signing]
    places.sort(key=lambda place: (place.order, rank.get(place.agency.pk, len(rank)), RANK[SlotRole(place.role)]))
    return _with_states(_with_signatures(places, {party.pk: party.agency_id for party in parties}, standing))


def open_order(places: Iterable[Place]) -> int | None:
    """The order whose turn it is; None once nothing is asked any more."""
    return next((place.order for place in places if not place.is_copy and not place.is_filled), None)


def place_for(places: Iterable[Place], agency_id: int | None, person: Any = None) -> Place | None:
    """The open place in which a signature of this agency counts: one that names the person before one that names nobody.

    Without a person, as for a signature made outside the portal, the names do not matter.
    """
    own = [place for place in places if place.signs and place.is_open and place.agency.pk == agency_id]
    own = [place for place in own if person is None or place.admits(person)]
    return next((place for place in own if place.persons), next(iter(own), None))


def turn_words(places: Sequence[Place]) -> str:
    """Whom a frozen text waits for: “Waits for ESA (approval) and CSA (1 of 2), then JAXA”."""
    order = open_order(places)
    if order is None:
        open_still = dict.fromkeys(place.agency.acronym for place in places if place.to_be_confirmed)
        if open_still:
            return _("Waits for %(names)s to confirm what was signed ad referendum") % {"names": _listed(open_still)}
        return _("Everybody asked has signed")
    asked = [place for place in places if not place.is_copy and not place.is_filled]
    names = _listed(_awaited(place) for place in asked if place.order == order)
    told = _("Waits for %(names)s") % {"names": names}
    for number in sorted({place.order for place in asked if place.order > order}):
        later = _listed(dict.fromkeys(place.agency.acronym for place in asked if place.order == number))
        told = _("%(before)s, then %(later)s") % {"before": told, "later": later}
    return told


def awaited_names(places: Sequence[Place]) -> str:
    """Whose turn it is, in a list."""
    order = open_order(places)
    return _listed(
        _awaited(place) for place in places if place.order == order and not place.is_copy and not place.is_filled
    )


def is_complete_with(agreement: Agreement, signature: Signature | None = None) -> bool:
    """Whether every party is complete, with one more signature that was just written for it."""
    _take_along(agreement, signature)
    return agreement.is_fully_signed()


def completes_party(agreement: Agreement, signature: Signature) -> bool:
    """Whether its party is complete with this signature and would not be without it; it need not be saved yet."""
    was_complete = signature.party_id in agreement.valid_signatures
    _take_along(agreement, signature)
    return not was_complete and signature.party_id in agreement.valid_signatures


def forget_places(agreement: Agreement) -> Agreement:
    """Have the places read anew: for whoever hears of an event that changed them."""
    for name in ("slot_list", "standing_signatures"):
        agreement.__dict__.pop(name, None)
    for name in ("slots", "signatures"):
        getattr(agreement, "_prefetched_objects_cache", {}).pop(name, None)
    return agreement


def _take_along(agreement: Agreement, signature: Signature | None) -> None:
    """Count a signature that the agreement was read without."""
    if signature is None:
        return
    standing = agreement.standing_signatures
    if not any(row is signature or (row.pk is not None and row.pk == signature.pk) for row in standing):
        standing.append(signature)


def _of_slot(slot: Any) -> Place:
    return Place(
        agency=slot.agency,
        role=slot.role,
        order=slot.order,
        needed=slot.needed,
        slot=slot,
        persons=tuple(slot.persons),
        endorsed_at=slot.endorsed_at,
        endorsed_by=slot.endorsed_by or "",
    )


def _with_signatures(places: list[Place], agency_of: dict[int, int], standing: Iterable[Signature]) -> list[Place]:
    """Put each signature into its slot, or, where the plan has that no more, into the first place of its party with room."""
    kept: list[list[Signature]] = [[] for _place in places]
    homeless: list[Signature] = []
    for row in standing:
        slots = (index for index, place in enumerate(places) if place.slot is not None and place.slot.pk == row.slot_id)
        index = next(slots, None) if row.slot_id is not None else None
        if index is None:
            homeless.append(row)
        else:
            kept[index].append(row)
    for row in homeless:
        own = [
            index
            for index, place in enumerate(places)
            if place.signs and place.agency.pk == agency_of.get(row.party_id)
        ]
        roomy = next((index for index in own if len(kept[index]) < places[index].needed), next(iter(own), None))
        if roomy is not None:
            kept[roomy].append(row)
    return [replace(place, signatures=tuple(rows)) for place, rows in zip(places, kept, strict=True)]


def _with_states(places: list[Place]) -> list[Place]:
    lacking = [place.order for place in places if not place.is_copy and place.has_room]
    first = min(lacking, default=None)

    def state(place: Place) -> State:
        if place.is_copy:
            return State.FILLED if first is None else State.OPEN
        if not place.has_room:
            return State.FILLED
        return State.OPEN if place.order == first else State.WAITING

    def after(place: Place) -> int | None:
        return max((order for order in lacking if order < place.order), default=None)

    return [replace(place, state=state(place), after=after(place)) for place in places]


def _awaited(place: Place) -> str:
    """The agency, with what is asked of it where that is not one signature."""
    if place.role == SlotRole.APPROVER:
        return _("%(agency)s (approval)") % {"agency": place.agency.acronym}
    if place.role == SlotRole.VIEWER:
        return _("%(agency)s (having seen it)") % {"agency": place.agency.acronym}
    if place.needed == 1:
        return place.agency.acronym
    return _("%(agency)s (%(done)s of %(needed)s)") % {
        "agency": place.agency.acronym,
        "done": place.done,
        "needed": place.needed,
    }


def _listed(names: Iterable[str]) -> str:
    return get_text_list(list(names), _("and"))
