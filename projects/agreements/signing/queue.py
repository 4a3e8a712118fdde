"""All that waits for a person's signature, in the order in which it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.inbox.models import Item
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, Signature

MOST = 100


@dataclass(frozen=True)
class Queued:
    """A text that waits, and until when."""

    agreement: Agreement
    due_at: datetime | None


@dataclass(frozen=True)
class Position:
    """Where one text stands among those that wait: `1 of 3`, and which comes next."""

    number: int
    count: int
    next_ref: str


def waiting_for(actor: Actor) -> list[Queued]:
    """The texts that ask the actor to sign, the most urgent first; what they have signed waits for others."""
    items = Item.objects.for_actor(actor).waiting().filter(verb="sign")[:MOST]
    due = dict(items.values_list("ref", "due_at"))
    if not due:
        return []
    signed = Signature.objects.filter(
        person=actor.person, party__agency=actor.agency, text__current_of__ref__in=due, voiding=None
    )
    found = {
        row.ref: row
        for row in Agreement.objects.visible_to(actor)
        .filter(ref__in=due, text__isnull=False)
        .exclude(text__in=signed.values("text"))
        .select_related("text__frozen_for", "text__frozen_by", "project")
    }
    return [Queued(found[ref], due_at) for ref, due_at in due.items() if ref in found]


def position_of(agreement: Agreement, actor: Actor) -> Position | None:
    """Where this text stands in the queue; None where it is not in it. After the last one the first comes again."""
    refs = [row.agreement.ref for row in waiting_for(actor)]
    if agreement.ref not in refs:
        return None
    position = refs.index(agreement.ref)
    following = [*refs[position + 1 :], *refs[:position]]
    return Position(position + 1, len(refs), following[0] if following else "")
