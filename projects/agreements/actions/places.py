"""Places under a text: named, handed over, and endorsed by those who approve or confirm."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from agencies.models import Membership, Person
from agencies.reauthentication import Proof
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements.actions.locking import audience, digest, lock, proved
from projects.agreements.actions.negotiating import require_shown
from projects.agreements.models import Addressee, Agreement, Endorsement, Slot, SlotRole
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.persons import candidates, has_mandate, membership_refs
from projects.agreements.signing.places import Place, forget_places

REASON_LENGTH = 500
VERBS = {SlotRole.APPROVER: "agreement.approved_for_signing", SlotRole.VIEWER: "agreement.seen_before_signing"}


def slot_for(policy: AgreementPolicy) -> Slot | None:
    """The slot that a signature of the actor fills now; None for the usual place of a party that the plan does not name."""
    return policy.place.slot if policy.place is not None else None


@transaction.atomic
def name_signatories(
    agreement: Agreement,
    *,
    actor: Actor,
    role: str,
    order: int,
    persons: Sequence[str],
    before: Collection[str] | None = None,
    reason: str = "",
) -> Slot:
    """Name who fills a place of the actor's agency, by membership; nobody named means whoever of it may do it.

    Who is no longer named stays on the trail, with the reason, which is asked for as soon as somebody is. `before` are the
    memberships that the page showed as named; raises NotNow when somebody named others meanwhile, ValidationError for persons
    who could not fill the place.
    """
    agreement, policy = lock(agreement, "name_signatories", actor)
    place = _own_place(policy, role, order)
    named = _members(agreement, place, persons)
    if before is not None and set(before) != set(membership_refs(place)):
        raise NotNow(
            _("Somebody of your agency has named others meanwhile."),
            code="names-changed",
            unblock=_("Read who is named now, then name again."),
            state=agreement.status,
        )
    wanted = {row.person_id: row.person for row in named}
    ended = [row for row in place.waiting if row.person_id not in wanted]
    reason = _printable(reason)
    if ended and not reason:
        names = get_text_list([row.person.name for row in ended], _("and"))
        words = _("Say why %(names)s should no longer do it; all parties read it.") % {"names": names}
        raise ValidationError({"reason": [words]})
    slot = place.slot or Slot.objects.create(agreement=agreement, agency=place.agency, role=role, order=order)
    _end(ended, actor, reason)
    for pk, person in wanted.items():
        if pk not in {row.person_id for row in place.persons}:
            _name(slot, person, actor=actor, reason=reason)
    agreement.bump().save()
    record(
        "agreement.signatories_named", forget_places(agreement), actor=actor, agencies=audience(agreement),
        scope=agreement.project.ref,
        facts={
            "role": role, "order": order, "persons": [str(person.uid) for person in wanted.values()],
            "ended": [str(row.person.uid) for row in ended], **({"reason_sha256": digest(reason)} if reason else {}),
        },
    )  # fmt: skip
    return slot


@transaction.atomic
def hand_over(
    agreement: Agreement, *, actor: Actor, successor: str, reason: str, role: str = "", order: int | None = None
) -> Addressee:
    """Hand the actor's place over to another member of their agency, who needs the role and a mandate valid now.

    The first such place, unless `role` and `order` say which. Raises ValidationError for a successor who could not fill it.
    """
    agreement, policy = lock(agreement, "hand_over", actor)
    place = _chosen(policy.own_to_hand_over, role, order)
    assert place.slot is not None
    own = next(row for row in place.persons if row.person_id == actor.person.pk)
    next_one = _successor(agreement, place, successor)
    reason = _printable(reason)
    if not reason:
        raise ValidationError({"reason": [_("Say why; all parties read it.")]})
    _end([own], actor, reason)
    named = _name(place.slot, next_one.person, actor=actor, reason=reason, handed_over_by=own)
    agreement.bump().save()
    record(
        "agreement.signing_handed_over", forget_places(agreement), actor=actor, agencies=audience(agreement),
        scope=agreement.project.ref,
        facts={
            "role": place.role, "order": place.order, "from": str(actor.person.uid),
            "to": str(next_one.person.uid), "reason_sha256": digest(reason),
        },
    )  # fmt: skip
    return named


@transaction.atomic
def approve_for_signing(agreement: Agreement, *, actor: Actor, sha256: str, proof: Proof | None) -> Endorsement:
    """Approve the frozen text, by the hash that was shown; once all of an order have, the next order is asked.

    Raises Forbidden, NotNow, or ValidationError for a missing proof.
    """
    return _endorse(agreement, "approve_for_signing", SlotRole.APPROVER, actor, sha256, proof)


@transaction.atomic
def confirm_seen(agreement: Agreement, *, actor: Actor, sha256: str) -> Endorsement:
    """Confirm having seen the frozen text, by the hash that was shown."""
    return _endorse(agreement, "confirm_seen", SlotRole.VIEWER, actor, sha256)


def _endorse(
    agreement: Agreement, rule: str, role: SlotRole, actor: Actor, sha256: str, proof: Proof | None = None
) -> Endorsement:
    agreement, policy = lock(agreement, rule, actor)
    assert agreement.text is not None
    require_shown(sha256, agreement.text.sha256)
    place = policy.own_to_endorse(role)
    assert place is not None
    assert place.slot is not None
    # Whoever approves binds their agency; having seen a text binds nobody.
    identified = {"identified": list(proved(proof).methods)} if role == SlotRole.APPROVER else {}
    at = timezone.now()
    place.slot.endorse(at, actor.person)
    agreement.bump().save()
    event = record(
        VERBS[role], agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"text": agreement.text.number, "sha256": agreement.text.sha256, "order": place.order, **identified},
    )  # fmt: skip
    return Endorsement.objects.create(
        slot=place.slot, text=agreement.text, agency=actor.agency, person=actor.person, at=at, event=event.uid
    )


def _own_place(policy: AgreementPolicy, role: str, order: int) -> Place:
    own = (place for place in policy.own_unfilled if place.role == role and place.order == order)
    place = next(own, None)
    if place is None:
        raise ValidationError({"order": [_("Your agency has no open place of this sort in this order.")]})
    return place


def _chosen(places: Sequence[Place], role: str, order: int | None) -> Place:
    found = [place for place in places if role in ("", place.role) and order in (None, place.order)]
    if not found:
        raise ValidationError({"order": [_("You are not named in such a place.")]})
    return found[0]


def _members(agreement: Agreement, place: Place, refs: Sequence[str]) -> list[Membership]:
    able = {row.ref: row for row in candidates(agreement, place.agency, place.role)}
    if any(ref not in able for ref in refs):
        raise ValidationError({"persons": [_("Only members of your agency who read the agreement and hold the role.")]})
    chosen = {able[ref].person_id: able[ref] for ref in refs}
    # Whoever has signed stays named, and counts.
    if chosen and len(chosen.keys() | {row.person_id for row in place.signatures}) < place.needed:
        raise ValidationError({"persons": [_("Name at least %(count)s persons, or nobody.") % {"count": place.needed}]})
    return list(chosen.values())


def _successor(agreement: Agreement, place: Place, ref: str) -> Membership:
    able = {row.ref: row for row in candidates(agreement, place.agency, place.role)}
    found = able.get(ref)
    if found is None or found.person_id in {row.person_id for row in place.persons}:
        raise ValidationError(
            {
                "successor": [
                    _("Another member of your agency who reads the agreement, holds the role and is not named.")
                ]
            }
        )
    if found.person_id in {row.person_id for row in agreement.standing_signatures}:
        raise ValidationError({"successor": [_("This person has signed the text already.")]})
    if place.signs and not has_mandate(agreement, found.person, place.agency):
        raise ValidationError({"successor": [_("This person holds no mandate for this agreement now.")]})
    return found


def _end(rows: Sequence[Addressee], actor: Actor, why: str) -> None:
    for row in rows:
        row.ended_at, row.ended_by, row.ended_why = timezone.now(), actor.person, why
        row.save()


def _name(
    slot: Slot, person: Person, *, actor: Actor, reason: str, handed_over_by: Addressee | None = None
) -> Addressee:
    return Addressee.objects.create(
        slot=slot, person=person, named_by=actor.person, named_at=timezone.now(), reason=reason,
        handed_over_by=handed_over_by,
    )  # fmt: skip


def _printable(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > REASON_LENGTH or not reason.isprintable():
        raise ValidationError({"reason": [_("One line of at most %(count)s characters.") % {"count": REASON_LENGTH}]})
    return reason
