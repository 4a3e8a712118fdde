"""Whose turn it is under a frozen text: asked when their order opens, and no longer once it does not wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from agencies.models import Role
from portal.history.models import Event
from portal.inbox import ask, settle
from portal.inbox.models import Item
from portal.inbox.texts import Text
from projects.agreements.models import Agreement, SlotRole
from projects.agreements.models.status import SIGNABLE
from projects.agreements.signing.call import running_call
from projects.agreements.signing.persons import candidates
from projects.agreements.signing.places import Place, places_of
from projects.policies import DECIDERS

TITLES = {
    SlotRole.SIGNER: gettext_noop("Sign %(title)s"),
    SlotRole.APPROVER: gettext_noop("Approve %(title)s before it is signed"),
    SlotRole.VIEWER: gettext_noop("Confirm having seen %(title)s"),
}
VERBS = {SlotRole.SIGNER: "sign", SlotRole.APPROVER: "approve", SlotRole.VIEWER: "confirm"}


@dataclass(frozen=True)
class Asked:
    """One who is asked now: a person, or whoever holds the roles."""

    place: Place
    key: str
    person: Any = None
    roles: tuple[str, ...] = ()


def keep_asking(event: Event, agreement: Agreement, *, anew: bool = False, why: Text | None = None) -> None:
    """Ask those whose turn it is and settle what waits for others; who is asked already is not asked twice, unless `anew`.

    The places are those of the agreement as the action holds it, with what its event tells of.
    """
    asked = {row.key: row for row in _asked(agreement)}
    waiting = _waiting(agreement)
    # To settle a key settles what stands under it as well: whatever of that is still asked is asked again.
    for key in sorted(waiting if anew else waiting - asked.keys()):
        settle(key)
    for key in sorted(asked.keys() - (_waiting(agreement) if waiting else set())):
        _ask(event, agreement, asked[key], why)


def _asked(agreement: Agreement) -> Iterator[Asked]:
    call = running_call(agreement)
    if (
        agreement.status not in SIGNABLE
        or agreement.text_id is None
        or (call is not None and call.lapsed_at is not None)
    ):
        return
    signed = {row.person_id for row in agreement.standing_signatures}
    for place in places_of(agreement):
        if place.is_open and not place.is_copy:
            yield from _of_place(agreement, place, signed)


def _of_place(agreement: Agreement, place: Place, signed: set[int | None]) -> Iterator[Asked]:
    """By name where persons are named, or where some of its signatories have signed; else whoever of the agency may do it."""
    key = f"sign:{agreement.ref}:{place.agency.ref}"
    if place.role != SlotRole.SIGNER or place.order != 1:
        key = f"{key}:{place.role}{place.order}"
    people = place.waits_for
    if not people and place.signs and place.done:
        members = candidates(agreement, place.agency, place.role)
        people = [row.person for row in members if row.person_id not in signed]
    for person in people:
        yield Asked(place, f"{key}:{person.uid}", person=person)
    if not place.persons and not (place.signs and place.done):
        yield Asked(place, key, roles=(Role.SIGNATORY,) if place.signs else DECIDERS)


def _waiting(agreement: Agreement) -> set[str]:
    keys = Item.objects.waiting().filter(open_key__startswith=f"sign:{agreement.ref}:")
    return set(keys.order_by().values_list("open_key", flat=True))


def _ask(event: Event, agreement: Agreement, asked: Asked, why: Text | None) -> None:
    assert agreement.text is not None
    place, call = asked.place, running_call(agreement)
    page = "agreements:sign" if place.signs else "agreements:signing"
    ask(
        event, verb=VERBS[SlotRole(place.role)], agency=place.agency, roles=asked.roles, person=asked.person, key=asked.key,
        title=Text(TITLES[SlotRole(place.role)], title=agreement.title), url=reverse(page, args=[agreement.ref]),
        why=why or Text(
            gettext_noop("Version %(text)s, for %(agency)s."), text=agreement.text.number, agency=place.agency.acronym,
        ),
        due_at=call.over_at if call is not None else None,
    )  # fmt: skip
