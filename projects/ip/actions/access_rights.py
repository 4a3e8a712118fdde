"""What ends a right of access before its last day; it ends at that very instant."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.access_rules import owners_of
from projects.ip.models import AccessRight, Cause, Standing
from projects.ip.policies import AccessRightPolicy
from projects.models import Project


@transaction.atomic
def revoke_right(right: AccessRight, *, actor: Actor, cause: str, reason: str) -> AccessRight:
    """Revoke it for a breach or because an authorisation was withdrawn; what the holder granted to others stays."""
    right = _locked(right, "revoke", actor)
    if cause not in (Cause.BREACH, Cause.AUTHORISATION):
        raise ValidationError({"cause": [_("Choose why it is revoked; the agreement allows no other reason.")]})
    return _cut("access_right.revoked", right, cause, reason, actor=actor)


@transaction.atomic
def use_up_right(right: AccessRight, *, actor: Actor, reason: str) -> AccessRight:
    """Say for the holder that what was granted is used up."""
    return _cut("access_right.used_up", _locked(right, "use_up", actor), Cause.EXHAUSTED, reason, actor=actor)


@transaction.atomic
def end_rights_in_breach(project: Project, holder: Agency, *, agreement: str, by: Agency, actor: Actor) -> int:
    """End what was granted under an agreement to a party whose part in it the others ended; returns how many rights.

    What that party granted to the others stays.
    """
    under = Q(clause=agreement) | Q(clause__startswith=f"{agreement},")
    rights = (
        AccessRight.objects.with_parties().select_for_update(of=("self",)).filter(asset__project=project, holder=holder)
    )
    ended = 0
    for right in rights.filter(under).order_by("pk"):
        if right.standing() in (Standing.ACTIVE, Standing.COMING):
            right.cut(Cause.BREACH, f"The part of {holder.acronym} in {agreement} was ended for breach.", by=by).save()
            facts: dict[str, Any] = {"cause": str(Cause.BREACH), "asset": right.asset.ref, "agreement": agreement}
            record(
                "access_right.revoked", right, actor=actor, agencies=_audience(right), facts=facts, scope=project.ref
            )
            ended += 1
    return ended


def _cut(verb: str, right: AccessRight, cause: str, reason: str, *, actor: Actor) -> AccessRight:
    reason = required("reason", reason, _("Say what happened; the other party reads it."), 4_000)
    right.cut(cause, reason, by=actor.agency).save()
    facts: dict[str, Any] = {"cause": str(cause), "asset": right.asset.ref}
    record(verb, right, actor=actor, agencies=_audience(right), facts=facts, scope=right.asset.project.ref)
    return right


def _locked(right: AccessRight, verb: str, actor: Actor) -> AccessRight:
    right = AccessRight.objects.with_parties().select_for_update(of=("self",)).get(pk=right.pk)
    AccessRightPolicy(actor, right).require(verb)
    return right


def _audience(right: AccessRight) -> set[Any]:
    return {right.holder, right.grantor, *owners_of(right.asset)}
