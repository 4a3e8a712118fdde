"""Later states of agencies and their people, reached by calling actions."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.utils import timezone

from agencies import actions
from agencies.models import Agency, Invitation, Person, Token
from agencies.reauthentication import Proof
from portal.kit.refusals import Refusal
from tests.cast import Cast


def proof() -> Proof:
    return Proof(("password",), timezone.now())


def profile(**facts: Any) -> dict[str, Any]:
    """What an applicant types about a new institute."""
    return {
        "kind": "institute",
        "legal_name": "Polar Orbit Institute",
        "acronym": "POI",
        "country": "NL",
        "city": "Delft",
        "zone": "Europe/Amsterdam",
        "working_days": [1, 2, 3, 4, 5],
        "languages": ["en"],
        "domain": "poi.example",
    } | facts


def applied(cast: Cast, **facts: Any) -> Agency:
    """Noor's application, which waits for an operator."""
    return actions.apply(actor=cast.actor(cast.noor), **profile(**facts))


def refused(cast: Cast) -> Agency:
    """Noor's application, sent back by the operator."""
    return actions.refuse(applied(cast), actor=cast.actor(cast.olga), reason="The statute is missing.")


def invited(cast: Cast, email: str, **facts: Any) -> Invitation:
    """JAXA's invitation of this address."""
    facts = {"roles": ["contributor"]} | facts
    return actions.invite(cast.jaxa, actor=cast.actor(cast.mika), proof=proof(), email=email, **facts)


def issued(cast: Cast, person: Person, **facts: Any) -> tuple[Token, str]:
    """A token of this person, with its secret."""
    facts = {"name": "Nightly export", "scopes": ["read", "write"]} | facts
    return actions.issue_token(actor=cast.actor(person), proof=proof(), **facts)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Call each in a thread of its own, all together; returns what each returned or was refused with."""
    barrier, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = verbs[number]()
        except Refusal as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
