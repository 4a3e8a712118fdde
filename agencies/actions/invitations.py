"""Asking people to join an agency, and joining it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import zones
from agencies.actions.locking import in_order, lock, require_proof
from agencies.actions.memberships import close
from agencies.jobs import send_invitation
from agencies.models import Agency, Invitation, Membership
from agencies.policies import AgencyPolicy, InvitationPolicy
from agencies.reauthentication import Proof
from portal.history import record
from portal.inbox.jobs import defer
from portal.kit.actors import Actor


@transaction.atomic
def invite(
    agency: Agency,
    *,
    actor: Actor,
    proof: Proof | None,
    email: str,
    roles: Iterable[str],
    position: str = "",
    ends_on: date | None = None,
) -> Invitation:
    """Ask a person to join the agency; they get a link by e-mail that works once, for two weeks."""
    agency = lock(agency)
    AgencyPolicy(actor, agency).require("invite")
    require_proof(proof)
    email = email.strip().lower()
    _check_address(agency, email)
    if ends_on and ends_on < zones.today(agency.zone):
        raise ValidationError({"ends_on": [_("This day is over.")]})
    pending = agency.invitations.filter(email=email, accepted_at=None, withdrawn_at=None)
    if pending.filter(expires_at__gt=timezone.now()).exists():
        raise ValidationError({"email": [_("This address is already invited. Withdraw that invitation first.")]})
    pending.update(withdrawn_at=timezone.now())
    invitation = Invitation(
        agency=agency,
        email=email,
        roles=in_order(roles),
        position=position.strip(),
        ends_on=ends_on,
        invited_by=actor.person,
    )
    invitation.full_clean()
    invitation.save()
    # The address is personal: the ledger keeps the roles, the invitation keeps the address.
    record(
        "invitation.sent",
        invitation,
        actor=actor,
        agencies=[agency],
        scope=agency.ref,
        facts={"roles": invitation.roles},
    )
    defer(send_invitation, ref=invitation.ref)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, actor: Actor, consent: bool) -> Membership:
    """Join the agency in the roles offered; the link is used up."""
    agency = lock(invitation.agency_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("agency").get(pk=invitation.pk)
    InvitationPolicy(actor, invitation).require("accept")
    if not consent:
        raise ValidationError({"consent": [_("Tick this to join, or close the page.")]})
    for old in Membership.objects.filter(person=actor.person, agency=agency, ended_at=None):
        close(old)
    membership = Membership(
        person=actor.person,
        agency=agency,
        roles=invitation.roles,
        position=invitation.position,
        starts_on=zones.today(agency.zone),
        ends_on=invitation.ends_on,
    )
    membership.full_clean()
    membership.save()
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = actor.person
    invitation.bump().save()
    joined = Actor(person=actor.person, membership=membership, memberships=(*actor.memberships, membership))
    record(
        "invitation.accepted",
        invitation,
        actor=joined,
        agencies=[agency],
        scope=agency.ref,
        facts={"membership": membership.ref},
    )
    record(
        "membership.started",
        membership,
        actor=joined,
        agencies=[agency],
        scope=agency.ref,
        facts={"person": str(actor.person.uid), "roles": membership.roles, "invitation": invitation.ref},
    )
    return membership


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Make the link worthless at once."""
    agency = lock(invitation.agency_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("agency").get(pk=invitation.pk)
    InvitationPolicy(actor, invitation).require("withdraw")
    invitation.withdrawn_at = timezone.now()
    invitation.bump().save()
    record("invitation.withdrawn", invitation, actor=actor, agencies=[agency], scope=agency.ref)
    return invitation


def _check_address(agency: Agency, email: str) -> None:
    """Members need no invitation; who is not verified reaches nobody outside its own domain."""
    live = Membership.objects.live().filter(agency=agency)
    if live.filter(person__emailaddress__email__iexact=email, person__emailaddress__verified=True).exists():
        raise ValidationError({"email": [_("This person is already a member.")]})
    domain = email.rpartition("@")[2]
    inside = bool(agency.domain) and (domain == agency.domain or domain.endswith(f".{agency.domain}"))
    if not agency.is_verified and not inside:
        words = _("Until your agency is verified, it invites only people of its own domain (%(domain)s).")
        raise ValidationError({"email": [words % {"domain": agency.domain or _("none yet")}]})
