"""API tokens: issued once, revoked at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actions.locking import lock, require_proof
from agencies.models import Scope, Token, secrets
from agencies.models.tokens import PREFIX, PREFIX_LENGTH
from agencies.policies import AgencyPolicy, TokenPolicy
from agencies.reauthentication import Proof
from portal.history import record
from portal.inbox.live import check_again
from portal.kit.actors import Actor
from portal.kit.refusals import Forbidden

LONGEST = 366


@transaction.atomic
def issue_token(
    *, actor: Actor, proof: Proof | None, name: str, scopes: Iterable[str], days: int = 90
) -> tuple[Token, str]:
    """Make a token for the membership one acts under; returns it with its secret, which nobody can read again."""
    if actor.agency_id is None:
        raise Forbidden(_("A token acts for an agency, and you act for none."), code="membership-needed")
    agency = lock(actor.agency_id)
    AgencyPolicy(actor, agency).require("issue_token")
    require_proof(proof)
    wanted = set(scopes)
    if not wanted or not wanted <= set(Scope.values):
        raise ValidationError({"scopes": [_("Choose what it may do.")]})
    if not 1 <= days <= LONGEST:
        raise ValidationError({"days": [_("From 1 to %(longest)s days.") % {"longest": LONGEST}]})
    secret = PREFIX + secrets.random()
    token = Token(
        membership=actor.membership,
        name=name.strip(),
        prefix=secret[:PREFIX_LENGTH],
        digest=secrets.digest(secret),
        scopes=[scope.value for scope in Scope if scope.value in wanted],
        expires_at=timezone.now() + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    facts = {"membership": actor.membership.ref, "scopes": token.scopes}
    record("token.issued", token, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, actor: Actor) -> Token:
    """Make the token worthless at this instant."""
    rows = Token.objects.select_for_update(of=("self",)).select_related("membership__agency", "membership__person")
    token = rows.get(pk=token.pk)
    TokenPolicy(actor, token).require("revoke")
    token.revoked_at = timezone.now()
    token.bump().save()
    agency = token.membership.agency
    facts = {"membership": token.membership.ref}
    record("token.revoked", token, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    check_again(people=[token.membership.person.uid])
    return token
