"""Every verb of an agreement begins alike: lock the row, ask the policy."""

from __future__ import annotations

from collections.abc import Iterable

from agencies.models import Agency
from portal.kit.actors import Actor
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy


def lock(agreement: Agreement, verb: str, actor: Actor) -> tuple[Agreement, AgreementPolicy]:
    """Lock the agreement until the transaction ends and require the verb; raises Forbidden or NotNow."""
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    locked = fetch(agreement.pk)
    policy = AgreementPolicy(actor, locked)
    policy.require(verb)
    return locked, policy


def fetch(pk: int) -> Agreement:
    """The agreement with everything a policy reads."""
    return (
        Agreement.objects.select_related("project__lead", "drafter", "depositary", "text")
        .with_parties()
        .prefetch_related("clauses", "signatures")
        .get(pk=pk)
    )


def audience(agreement: Agreement) -> Iterable[Agency]:
    """Who may see the agreement's events: the drafter alone while it is a draft, then the parties."""
    if agreement.status == "draft":
        return [agreement.drafter]
    return [party.agency for party in agreement.party_list]
