"""Roles given and taken, and memberships ended."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from agencies.actions.locking import in_order, lock, require_proof
from agencies.models import Mandate, Membership, Role
from agencies.policies import MembershipPolicy
from agencies.reauthentication import Proof
from portal.history import record
from portal.inbox.live import check_again
from portal.kit.actors import Actor
from portal.kit.records import require_version


@transaction.atomic
def change_roles(
    membership: Membership,
    *,
    actor: Actor,
    proof: Proof | None,
    roles: Iterable[str],
    position: str | None = None,
    version: int | None = None,
) -> Membership:
    """Give and take roles from this instant; an agency keeps at least one administrator."""
    agency = lock(membership.agency_id)
    membership = _locked(membership)
    policy = MembershipPolicy(actor, membership)
    policy.require("change_roles")
    require_proof(proof)
    wanted = in_order(roles)
    require_version(membership, version, typed={"roles": ", ".join(wanted), "position": position or ""})
    if Role.ADMINISTRATOR not in wanted and (refusal := policy.without_administrator()):
        raise refusal
    before = membership.roles
    membership.roles = wanted
    membership.position = membership.position if position is None else position.strip()
    membership.full_clean()
    membership.bump().save()
    if before != wanted:
        facts = {"person": str(membership.person.uid), "before": before, "roles": wanted}
        record("membership.roles_changed", membership, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
        check_again(people=[membership.person.uid])
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, actor: Actor) -> Membership:
    """End it at this instant: the person's rights, mandates and tokens in this agency are gone with it."""
    agency = lock(membership.agency_id)
    membership = _locked(membership)
    MembershipPolicy(actor, membership).require("end")
    revoked = close(membership)
    facts = {"person": str(membership.person.uid), "mandates": revoked}
    record("membership.ended", membership, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    check_again(people=[membership.person.uid])
    return membership


def close(membership: Membership) -> list[str]:
    """Write that it is over, and revoke what it carried, so that nothing revives when the person returns; the mandates' references."""
    now = timezone.now()
    membership.ended_at = min(membership.over_at, now) if membership.over_at else now
    membership.bump().save()
    revoked = []
    rows = Mandate.objects.select_for_update().filter(
        person=membership.person_id, agency=membership.agency_id, revoked_at=None
    )
    for mandate in rows.exclude(over_at__lte=now):
        mandate.agency = membership.agency
        mandate.revoked_at = now
        mandate.bump().save()
        revoked.append(mandate.ref)
    membership.tokens.filter(revoked_at=None).update(revoked_at=now)
    return revoked


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("agency", "person")
    return rows.get(pk=membership.pk)
