"""Records of signatures and confirmations by keys that nothing proves to be the portal's: what operators are told of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from portal.history.chain import Chain
from portal.history.models import Event
from projects.agreements.models import Confirmation, Signature
from projects.agreements.signing.whole import CONFIRMED, SIGNED

OF_SIGNATURE = ("event", "key_id", "signed_at", "party__agency__ref", "agreement__ref", "text__number")
OF_CONFIRMATION = (
    "event", "key_id", "confirmed_at", "signature__party__agency__ref", "signature__agreement__ref",
    "signature__text__number",
)  # fmt: skip


def records_left_out(chain: Chain) -> Iterator[str]:
    """One line in plain words for each record whose key is none of this chain, or signed it outside its time."""
    rows = [("signature", row) for row in Signature.objects.order_by("pk").values_list(*OF_SIGNATURE)]
    rows += [("confirmation", row) for row in Confirmation.objects.order_by("pk").values_list(*OF_CONFIRMATION)]
    events = Event.objects.filter(verb__in=(SIGNED, CONFIRMED)).values_list("uid", "leaf__index")
    places = dict(events.iterator())
    for kind, (event, key_id, at, agency, agreement, number) in rows:
        if chain.covers(key_id, places.get(event)):
            continue
        why = "outside its time" if key_id in chain.keys else "which nothing proves"
        yield f"{kind} of {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC for {agency}, {agreement} v{number}, by the key {key_id}, {why}"
