"""The one door through which anything enters the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model

from portal.history import verbs
from portal.history.canonical import check_facts
from portal.history.models import Event
from portal.history.subscribers import subscribers_of
from portal.kit.actors import Actor


def record(
    verb: str,
    target: Model,
    *,
    actor: Actor,
    agencies: Iterable[Any],
    facts: dict[str, Any] | None = None,
    scope: str = "",
) -> Event:
    """Write one event in the action's transaction, then tell its subscribers; the ledger seals it after the commit.

    `agencies` are those who may see it. `scope` is the reference of the record on whose timeline it shows, the target's
    own by default. `facts` hold strings, integers, booleans, null, lists and objects of these: references, hashes and
    codes, never confidential text. Raises UnknownVerb, ValueError for facts without an exact form, and
    TransactionManagementError outside a transaction, where an event could outlive the action it tells of.
    """
    verbs.find(verb)
    check_facts(facts or {})
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event is recorded in the transaction of its action")
    ref = ref_of(target)
    agency = actor.agency
    event = Event.objects.create(
        verb=verb,
        target_kind=target._meta.label_lower,
        target_ref=ref,
        scope=scope or ref,
        person_uid=actor.person.uid if actor.person is not None else None,
        agency_ref=agency.ref if agency is not None else "",
        agency_name=agency.legal_name if agency is not None else "",
        agencies=sorted({agency.ref for agency in agencies}),
        facts=facts or {},
    )
    for subscriber in subscribers_of(verb):
        subscriber(event, target, actor)
    return event


def ref_of(target: Any) -> str:
    """The reference people quote; a person has none and is named by uid."""
    return getattr(target, "ref", "") or str(target.uid)
