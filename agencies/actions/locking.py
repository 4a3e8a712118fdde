"""The row that everything about an agency is serialised by, and what its actions share."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership, Role
from agencies.reauthentication import Proof
from portal.kit.actors import Actor
from portal.kit.refusals import Forbidden

REASON_LENGTH = 2000


def lock(agency: Agency | int) -> Agency:
    """The agency's row, locked until the transaction ends."""
    return Agency.objects.select_for_update().get(pk=agency if isinstance(agency, int) else agency.pk)


def hold_rights(actor: Actor) -> Actor:
    """The actor as their agency has them at this instant; none of its roles and mandates changes until the transaction ends.

    Any number hold an agency at once and keep out only who locks it. Raises Forbidden when they no longer act for it.
    """
    if actor.membership is None:
        return actor
    with connection.cursor() as cursor:
        # The ORM knows no shared lock. This one is what a foreign key takes.
        cursor.execute(f"SELECT FROM {Agency._meta.db_table} WHERE id = %s FOR KEY SHARE", [actor.agency_id])
    rows = Membership.objects.acting().filter(pk=actor.membership.pk, person=actor.person)
    membership = rows.select_related("agency").first()
    if membership is None:
        raise Forbidden(
            _("You no longer act for %(agency)s.") % {"agency": actor.agency.acronym}, code="membership-over"
        )
    return actor.under(membership)


def require_proof(proof: Proof | None) -> None:
    """Raise Forbidden unless the person has just proved again who they are."""
    if proof is None:
        raise Forbidden(
            _("This needs a fresh proof that it is you."), code="proof-needed", unblock=_("Give your password again.")
        )


def in_order(roles: Iterable[str]) -> list[str]:
    """Roles without doubles, in the order in which they are listed everywhere; ValidationError on none or an unknown one."""
    wanted = set(roles)
    if not wanted or not wanted <= set(Role.values):
        raise ValidationError({"roles": [_("Choose at least one role.")]})
    return [role.value for role in Role if role.value in wanted]


def stated(reason: str) -> str:
    """A reason that somebody will read; ValidationError when there is none."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": [_("Say why; the agency reads it.")]})
    if len(reason) > REASON_LENGTH or "\x00" in reason:
        raise ValidationError({"reason": [_("At most 2,000 printable characters.")]})
    return reason
