"""The plan of signing: which agency does what, in which order, and how many of its persons it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.agreements.actions.locking import audience, digest, lock, stated
from projects.agreements.models import Agreement, OrderChange, Slot, SlotRole
from projects.agreements.models.slot import MOST_ORDERS, MOST_SIGNERS
from projects.agreements.signing.places import Place, forget_places, places_of

MOST_LINES = 200


@dataclass(frozen=True)
class Line:
    """One line of the plan."""

    agency: Agency
    role: str
    order: int = 1
    needed: int = 1

    @property
    def sort(self) -> tuple[int, str, int]:
        """What stays when only the order changes."""
        return self.agency.pk, self.role, self.needed


@transaction.atomic
def plan_signing(
    agreement: Agreement,
    *,
    actor: Actor,
    lines: Iterable[Mapping[str, Any]],
    reason: str = "",
    version: int | None = None,
) -> Agreement:
    """Replace the plan: each line with `agency` (reference or acronym), `role`, `order` and `needed`.

    Under a frozen text only the order of places that are not filled can change, with a reason. A party without a line for
    signing signs first, by one person. Raises ValidationError keyed `lines`.
    """
    agreement, _policy = lock(agreement, "plan_signing", actor)
    require_version(agreement, version)
    planned = _checked(agreement, list(lines))
    facts: dict[str, Any] = {}
    if agreement.is_frozen:
        reason = stated(reason)
        _require_only_orders(places_of(agreement), planned)
        facts["reason_sha256"] = digest(reason)
    _write(agreement, planned)
    agreement.bump().save()
    event = record(
        "agreement.signing_planned", forget_places(agreement), actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"slots": [[line.agency.ref, line.role, line.order, line.needed] for line in planned], **facts},
    )  # fmt: skip
    if agreement.text is not None:
        OrderChange.objects.create(
            text=agreement.text, agency=actor.agency, person=actor.person, words=reason, event=event.uid
        )
    return agreement


def _checked(agreement: Agreement, lines: list[Mapping[str, Any]]) -> list[Line]:
    """The lines in order; raises ValidationError for one that is of no party, out of range, or there twice."""
    if len(lines) > MOST_LINES:
        raise ValidationError({"lines": [_("At most %(count)s lines.") % {"count": MOST_LINES}]})
    parties = {name: row.agency for row in agreement.party_list for name in (row.agency.ref, row.agency.acronym)}
    planned = []
    for line in lines:
        agency = parties.get(str(line.get("agency", "")))
        if agency is None:
            raise ValidationError({"lines": [_("Places are those of the parties.")]})
        if line.get("role") not in SlotRole.values:
            raise ValidationError({"lines": [_("Choose one of the listed roles.")]})
        planned.append(Line(agency, str(line["role"]), _number(line, "order"), _number(line, "needed")))
    for row in planned:
        if not (1 <= row.order <= MOST_ORDERS and 1 <= row.needed <= MOST_SIGNERS):
            raise ValidationError(
                {"lines": [_("Orders go from 1 to %(orders)s, persons from 1 to %(persons)s.")
                           % {"orders": MOST_ORDERS, "persons": MOST_SIGNERS}]}
            )  # fmt: skip
        if row.role != SlotRole.SIGNER and row.needed != 1:
            raise ValidationError({"lines": [_("Only those who sign can be several in one place.")]})
    if any(count > 1 for count in Counter((row.agency.pk, row.role, row.order) for row in planned).values()):
        raise ValidationError({"lines": [_("An agency has each role once in an order.")]})
    return sorted(planned, key=lambda row: (row.order, row.agency.acronym, row.role))


def _number(line: Mapping[str, Any], name: str) -> int:
    """A whole number; 1 where nothing is said, 0 for what is none."""
    value = line.get(name, 1)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _require_only_orders(places: list[Place], planned: list[Line]) -> None:
    """Raise ValidationError unless the plan of a frozen text asks for the same and moves nothing that is begun."""
    asked = Counter((place.agency.pk, place.role, place.needed) for place in places)
    signing = {line.agency.pk for line in planned if line.role == SlotRole.SIGNER}
    # SECURITY: only the usual place needs no line. One of the plan that is left out would take its names and its need along.
    usual = {place.agency.pk for place in places if place.signs and place.slot is None} - signing
    told = Counter(line.sort for line in planned)
    told.update((agency, SlotRole.SIGNER, 1) for agency in usual)
    if asked != told:
        raise ValidationError(
            {"lines": [_("Under a frozen text only the order can change; reopen it for anything else.")]}
        )
    kept = {(*line.sort, line.order) for line in planned} | {(agency, SlotRole.SIGNER, 1, 1) for agency in usual}
    begun = [
        place for place in places if place.done and (place.agency.pk, place.role, place.needed, place.order) not in kept
    ]
    if begun:
        raise ValidationError(
            {"lines": [_("%(agency)s has acted in its place; that stays.") % {"agency": begun[0].agency.acronym}]}
        )


def _write(agreement: Agreement, planned: list[Line]) -> None:
    """Keep the slots that stay, with who is named for them; one that only moves to another order keeps them too."""
    same = _is_same_place if agreement.is_frozen else _is_at
    slots = list(agreement.slots.planned().order_by("order", "pk"))
    left = list(planned)
    homeless = []
    for slot in slots:
        line = next((line for line in left if same(slot, line)), None)
        if line is None:
            homeless.append(slot)
        else:
            left.remove(line)
            _set(slot, line)
    moved = []
    for slot in homeless:
        line = next((line for line in left if _may_become(slot, line, needed_stays=agreement.is_frozen)), None)
        if line is None:
            _drop(slot)
        else:
            left.remove(line)
            moved.append((slot, line))
    _move(moved)
    Slot.objects.bulk_create(
        Slot(agreement=agreement, agency=line.agency, role=line.role, order=line.order, needed=line.needed)
        for line in left
    )


def _is_at(slot: Slot, line: Line) -> bool:
    return (slot.agency_id, slot.role, slot.order) == (line.agency.pk, line.role, line.order)


def _is_same_place(slot: Slot, line: Line) -> bool:
    """Under a frozen text the names and the number that they were given for stay together."""
    return _is_at(slot, line) and slot.needed == line.needed


def _may_become(slot: Slot, line: Line, *, needed_stays: bool) -> bool:
    if needed_stays and slot.needed != line.needed:
        return False
    return (slot.agency_id, slot.role) == (line.agency.pk, line.role)


def _set(slot: Slot, line: Line) -> None:
    if slot.needed != line.needed:
        slot.needed = line.needed
        slot.save()


def _move(moved: list[tuple[Slot, Line]]) -> None:
    """Two that change places must not meet on the way: each leaves the plan first, and comes back at its new order."""
    for slot, _line in moved:
        slot.dropped_at = timezone.now()
        slot.save()
    for slot, line in moved:
        slot.dropped_at, slot.order, slot.needed = None, line.order, line.needed
        slot.save()


def _drop(slot: Slot) -> None:
    """What was signed or endorsed under an earlier text keeps its slot, and so does the trail of who was named for it."""
    if slot.signatures.exists() or slot.endorsements.exists() or slot.addressees.exists():
        slot.dropped_at = timezone.now()
        slot.save()
    else:
        slot.delete()
