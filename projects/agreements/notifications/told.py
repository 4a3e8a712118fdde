"""What the notifications of agreements share: the page they lead to, what is settled together, and who looks again."""

from __future__ import annotations

from django.urls import reverse

from portal.inbox import settle
from portal.inbox.live import announce
from projects.agreements.models import Agreement


def settle_all(agreement: Agreement, *keys: str) -> None:
    for key in keys:
        settle(f"{key}:{agreement.ref}")


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
