"""What the collections share: a person who is there themself, and who proves it again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from agencies.models import Agency
from agencies.reauthentication import Proof, prove
from portal.kit.actors import Actor
from portal.kit.refusals import Forbidden


def require_session(actor: Actor) -> None:
    """Raise Forbidden for a program: its token acts for one agency, not for the person's account."""
    if actor.scopes is not None:
        raise Forbidden(_("A token cannot do this."), code="session-needed", unblock=_("Sign in yourself."))


def proof_of(request: Request, sent: dict[str, Any]) -> Proof:
    """Take password and code out of what was sent, and check them; raises NotProved."""
    return prove(request, password=sent.pop("password"), code=sent.pop("code"))


def acting_agency(actor: Actor) -> Agency:
    """The agency that the actor acts for; raises Forbidden when there is none."""
    if actor.agency is None:
        raise Forbidden(_("You act for no agency."), code="membership-needed", unblock=_("Join or register one."))
    return actor.agency
