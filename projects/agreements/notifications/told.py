"""What the notifications of agreements share: the page they lead to, what is settled together, and who looks again."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from portal.history.models import Event
from portal.inbox import settle, tell
from portal.inbox.live import announce
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement
from projects.policies import DECIDERS


def settle_all(agreement: Agreement, *keys: str) -> None:
    for key in keys:
        settle(f"{key}:{agreement.ref}")


def tell_others(
    event: Event,
    agreement: Agreement,
    actor: Actor,
    *,
    title: Text,
    why: Text | str = "",
    roles: Iterable[str] = DECIDERS,
    url: str = "",
) -> None:
    """Tell every party but the one that acted; `url` is that of the agreement where nothing else is said."""
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(event, agency=party.agency, roles=roles, url=url or url_of(agreement), title=title, why=why)


def url_of(agreement: Agreement) -> str:
    return reverse("agreements:agreement", args=[agreement.ref])


def topic_of(agreement: Agreement) -> str:
    return f"agreement-{agreement.ref.lower()}"


def announce_to_parties(agreement: Agreement) -> None:
    announce(
        topic_of(agreement),
        agencies=[party.agency.ref for party in agreement.party_list],
        kind="changed",
        ref=agreement.ref,
    )
