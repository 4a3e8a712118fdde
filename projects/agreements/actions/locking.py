"""What the verbs of an agreement share: lock the row, ask the policy, and keep the reason somebody gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from agencies.actions.locking import hold_rights
from agencies.models import Agency
from agencies.reauthentication import Proof
from portal.history.models import Event
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, Reason, Signature
from projects.agreements.policies import AgreementPolicy

REASON_LENGTH = 2000


def lock(agreement: Agreement, verb: str, actor: Actor) -> tuple[Agreement, AgreementPolicy]:
    """Lock the agreement until the transaction ends and require the verb; raises Forbidden or NotNow.

    The lock lets other rows point at the agreement meanwhile: its key never changes.
    """
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    locked = fetch(agreement.pk)
    policy = AgreementPolicy(actor, locked)
    policy.require(verb)
    return locked, policy


def lock_with_rights(agreement: Agreement, verb: str, actor: Actor) -> tuple[Agreement, AgreementPolicy]:
    """The same for what binds an agency: the role and mandate of this instant, which stay until the transaction ends.

    SECURITY: whoever waited for the lock may have lost either meanwhile. `policy.actor` is the actor as they are now.
    """
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    return lock(agreement, verb, hold_rights(actor))


def hold(*pks: int | None) -> None:
    """Lock these agreements until the transaction ends, always in the same order: two that wait for each other never end.

    Where an instrument depends on the one above it, both are held before either is judged.
    """
    wanted = sorted(pk for pk in pks if pk is not None)
    list(Agreement.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk").values_list("pk"))


def fetch(pk: int) -> Agreement:
    """The agreement with everything a policy reads."""
    return (
        Agreement.objects.select_related("project__lead", "drafter", "depositary", "text__call", "parent__text")
        .with_parties()
        .prefetch_related("clauses", Prefetch("signatures", Signature.objects.with_fate()))
        .get(pk=pk)
    )


def audience(agreement: Agreement) -> Iterable[Agency]:
    """Who may see the agreement's events: the drafter alone while it is a draft, then the parties."""
    if agreement.status == "draft":
        return [agreement.drafter]
    return [party.agency for party in agreement.party_list]


def stated(reason: str) -> str:
    """A reason that all parties will read; ValidationError when there is none or too much of it."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Say why; all parties read it.")]})
    if len(reason) > REASON_LENGTH or "\x00" in reason:
        raise ValidationError({"reason": [_("At most 2,000 printable characters.")]})
    return reason


def proved(proof: Proof | None) -> Proof:
    """The fresh proof that whatever binds an agency asks for; ValidationError where there is none."""
    if proof is None:
        raise ValidationError({"password": [_("Prove again that it is you.")]})
    return proof


def digest(reason: str) -> str:
    """The hash by which the history names the words."""
    return hashlib.sha256(reason.encode()).hexdigest()


def keep_reason(agreement: Agreement, reason: str, *, event: Event, actor: Actor, is_refusal: bool) -> None:
    Reason.objects.create(
        agreement=agreement,
        event=event.uid,
        agency=actor.agency,
        person=actor.person,
        is_refusal=is_refusal,
        words=reason,
    )
